#!/usr/bin/env python3
"""Makes the small fixtures beside it: LoRA variants of PEFT on tiny models, in the form that `npm run parity` reads.

  fixtures/<name>/  config.json, config.legacy.json, model.safetensors   a random model, in both spellings of its config
                    batch.json             two rows, one padded on the right; labels, -100 = not graded
                    adapter/               as PEFT saves it, before the first step (B is not zero, magnitudes are not the norms)
                    expected.safetensors   base_logits, lora_logits, and grad.<name in adapter_model.safetensors> at step 0
                    expected.json          losses, norms and rates of ten AdamW steps, with the versions that computed them
                    adapter_final/         after those steps

Usage: python make_fixtures.py [name ...]      needs torch, transformers, peft, safetensors; fp32, eager attention, one thread
Another machine draws and rounds slightly otherwise: the committed files stay as they are.
"""
import json, math, os, platform, shutil, sys

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import peft, safetensors, torch, transformers
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, Gemma3Config, GraniteMoeHybridConfig, LlamaConfig, Phi3Config, Qwen2Config, get_cosine_schedule_with_warmup

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
TRAIN = dict(steps=10, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, max_norm=1.0, warmup=2)
EVERY = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
VARIANTS = {
    "dora": dict(r=4, lora_alpha=8, use_dora=True, target_modules=EVERY),
    "dora_rslora_patterns": dict(
        r=4, lora_alpha=6, use_dora=True, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"],
        rank_pattern={r".*\.0\.self_attn\.(q|v)_proj": 2, "down_proj": 6}, alpha_pattern={"^model.layers.1.self_attn.v_proj": 3}),
    "rslora_patterns": dict(
        r=4, lora_alpha=6, use_rslora=True, target_modules=["k_proj", "o_proj", "up_proj"],
        rank_pattern={r"layers\.\d+\.mlp\.up_proj": 8}, alpha_pattern={"o_proj": 12}),
    "dora_bias": dict(r=4, lora_alpha=8, use_dora=True, target_modules=["q_proj", "k_proj", "v_proj"]),
    "dora_fused": dict(r=4, lora_alpha=8, use_dora=True, target_modules=["qkv_proj", "gate_up_proj"]),
    "mamba_groups": dict(r=4, lora_alpha=8, target_modules=["in_proj", "out_proj", "q_proj", "input_linear", "output_linear"]),
    "gemma3_images": dict(r=4, lora_alpha=8, target_modules=r".*\.language_model\..*\.(q_proj|v_proj|o_proj|down_proj)"),
}
FAMILIES = {"dora_bias": Qwen2Config, "dora_fused": Phi3Config, "mamba_groups": GraniteMoeHybridConfig, "gemma3_images": Gemma3Config}  # llama for the others
# Of two Mamba layers and one of attention, heads in two groups.
OWN = {"mamba_groups": dict(num_hidden_layers=3, layer_types=["linear_attention", "linear_attention", "full_attention"], position_embedding_type="nope",
                            num_local_experts=0, num_experts_per_tok=0, shared_intermediate_size=48, mamba_n_heads=8, mamba_d_state=6, mamba_n_groups=2,
                            mamba_d_conv=4, mamba_expand=2, mamba_chunk_size=16, embedding_multiplier=6.0, attention_multiplier=0.1,
                            residual_multiplier=0.3, logits_scaling=2.0)}


def with_images(config):
    """Gemma 3 with a vision tower, which no text reaches."""
    text = dict(config, head_dim=16, query_pre_attn_scalar=12, sliding_window=8, layer_types=["sliding_attention", "full_attention"], rope_parameters={
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1e6}, "sliding_attention": {"rope_type": "default", "rope_theta": 1e4}})
    vision = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=8, patch_size=4)
    return Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4, boi_token_index=61, eoi_token_index=62, image_token_index=63)


def tiny(name, gen):
    config = dict(vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
                  max_position_embeddings=128, bos_token_id=1, eos_token_id=2, pad_token_id=0, use_cache=False, tie_word_embeddings=True,
                  rms_norm_eps=1e-5, rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    config = with_images(config) if name == "gemma3_images" else FAMILIES.get(name, LlamaConfig)(**{**config, **OWN.get(name, {})})
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
    one = 0 if name == "gemma3_images" else 1  # Gemma's norms are stored around 0
    for part, p in sorted(model.named_parameters()):
        r = torch.randn(p.shape, generator=gen)
        with torch.no_grad():
            if "norm" in part or part.endswith(".D"):
                p.copy_(one + 0.1 * r)
            elif part.endswith(("bias", "A_log")):
                p.copy_(0.2 * r)
            else:
                p.copy_(r * (0.25 if "embed" in part else 1.2 / math.sqrt(p.shape[-1])))
    model.tie_weights()
    return model


def legacy(config):
    if "text_config" in config:
        text = dict(config["text_config"])
        rope = text.pop("rope_parameters")
        full, sliding = rope["full_attention"], rope["sliding_attention"]
        text.update(rope_theta=full["rope_theta"], rope_scaling={"rope_type": "linear", "factor": full["factor"]}, rope_local_base_freq=sliding["rope_theta"])
        config = dict(config, text_config=text, torch_dtype=config["dtype"], transformers_version="4.57.0")
        del config["dtype"]
        return config
    config = dict(config, torch_dtype=config["dtype"])
    rope = config.pop("rope_parameters")
    del config["dtype"]
    if "linear_attention" in (config.get("layer_types") or []):
        config["layer_types"] = [{"linear_attention": "mamba", "full_attention": "attention"}[each] for each in config["layer_types"]]
    if "partial_rotary_factor" in rope:
        config["partial_rotary_factor"] = rope["partial_rotary_factor"]
    return dict(config, rope_theta=rope["rope_theta"], rope_scaling=None, transformers_version="4.57.0")


def batch(gen, seq=24, valid=17):
    ids = torch.randint(3, 64, (2, seq), generator=gen)
    mask = torch.ones(2, seq, dtype=torch.long)
    mask[1, valid:] = 0
    ids[1, valid:] = 0
    labels = ids.clone()
    labels[mask == 0] = -100
    labels[0, :6] = -100
    labels[1, :4] = -100
    return ids, mask, labels


def start(model, gen):
    """PEFT's A; B and magnitudes away from where they begin, so that every gradient is there at the first step."""
    for name, p in sorted(model.named_parameters()):
        if not p.requires_grad:
            continue
        with torch.no_grad():
            if "lora_A" in name:
                p.copy_((torch.rand(p.shape, generator=gen) * 2 - 1) / math.sqrt(p.shape[1]))
            elif "lora_B" in name:
                p.copy_(0.1 * torch.randn(p.shape, generator=gen))
            else:
                p.mul_(1 + 0.1 * torch.randn(p.shape, generator=gen))


def saved_name(name):
    """Of a parameter in adapter_model.safetensors: no adapter's name, and a magnitude without `.weight`."""
    name = name.replace(".default.", ".")
    return name.removesuffix(".weight") if "lora_magnitude_vector" in name else name


def save(model, path):
    model.save_pretrained(path, save_embedding_layers=False)
    os.remove(f"{path}/README.md")
    config = json.load(open(f"{path}/adapter_config.json"))
    if isinstance(config["target_modules"], list):
        config["target_modules"] = sorted(config["target_modules"])  # PEFT writes a set in hash order
    json.dump(config, open(f"{path}/adapter_config.json", "w"), indent=2)


def make(name, settings, seed):
    out = os.path.join(HERE, name)
    shutil.rmtree(out, ignore_errors=True)
    gen = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    tiny(name, gen).save_pretrained(out)
    os.remove(f"{out}/generation_config.json")
    json.dump(legacy(json.load(open(f"{out}/config.json"))), open(f"{out}/config.legacy.json", "w"), indent=2)
    ids, mask, labels = batch(gen)
    json.dump(dict(input_ids=ids.tolist(), attention_mask=mask.tolist(), labels=labels.tolist()), open(f"{out}/batch.json", "w"))
    model = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32, attn_implementation="eager").eval()

    texts = dict(token_type_ids=torch.zeros_like(ids)) if name == "gemma3_images" else {}

    def loss_of(logits):
        return F.cross_entropy(logits[:, :-1].reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=-100)

    with torch.no_grad():
        base = model(input_ids=ids, attention_mask=mask, **texts).logits
    model = get_peft_model(model, LoraConfig(lora_dropout=0.0, bias="none", task_type="CAUSAL_LM", **settings))
    model.peft_config["default"].base_model_name_or_path = ".."
    start(model, gen)
    model.train()
    save(model, f"{out}/adapter")
    params = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([p for _, p in params], lr=TRAIN["lr"], betas=TRAIN["betas"], eps=TRAIN["eps"],
                                  weight_decay=TRAIN["weight_decay"], foreach=False, fused=False)
    schedule = get_cosine_schedule_with_warmup(optimizer, TRAIN["warmup"], TRAIN["steps"])
    losses, norms, rates, tensors = [], [], [], {"base_logits": base.contiguous()}
    for step in range(TRAIN["steps"]):
        optimizer.zero_grad(set_to_none=True)
        logits = model(input_ids=ids, attention_mask=mask, **texts).logits
        loss = loss_of(logits)
        loss.backward()
        if step == 0:
            tensors["lora_logits"] = logits.detach().contiguous()
            tensors.update({f"grad.{saved_name(n)}": p.grad.clone() for n, p in params})
        rates.append(schedule.get_last_lr()[0])
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_([p for _, p in params], TRAIN["max_norm"]).item())
        optimizer.step()
        schedule.step()
    save(model, f"{out}/adapter_final")
    save_file(tensors, f"{out}/expected.safetensors")
    written = load_file(f"{out}/adapter/adapter_model.safetensors")
    assert {f"grad.{key}" for key in written} == {key for key in tensors if key.startswith("grad.")}
    expected = dict(
        family=name, seed=seed, attention="eager", dtype="float32", threads=1,
        versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__,
                      safetensors=safetensors.__version__, python=platform.python_version(),
                      cpu_capability=torch.backends.cpu.get_cpu_capability()),
        lora=dict(r=settings["r"], alpha=settings["lora_alpha"], rslora=settings.get("use_rslora", False), dora=settings.get("use_dora", False)),
        loss=losses[0], base_loss=loss_of(base).item(),
        training=dict(**TRAIN, losses=losses, grad_norms=norms, learning_rates=rates))
    json.dump(expected, open(f"{out}/expected.json", "w"), indent=1)
    effect = (tensors["lora_logits"] - base)[mask.bool()].abs().max().item()
    print(f"{name}: loss {losses[0]:.4f} -> {losses[-1]:.4f}, the adapter moves a logit by at most {effect:.3f}")


if __name__ == "__main__":
    for index, (name, settings) in enumerate(VARIANTS.items()):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            make(name, settings, 7000 + index)
