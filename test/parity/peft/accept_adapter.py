#!/usr/bin/env python3
"""Loads in PEFT an adapter that Lathe wrote, and holds its logits against the engine's (write-logits.ts makes the folder).

Usage: python accept_adapter.py FOLDER      exit code 0 only if nothing is missing and the logits agree
"""
import json, sys, warnings

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

BOUND = 1e-3  # absolute, of logits up to some tens, in fp32 on both sides

folder = sys.argv[1]
given = json.load(open(f"{folder}/input.json"))
expected = load_file(f"{folder}/logits.safetensors")
ids = torch.tensor([given["ids"]])
model = AutoModelForCausalLM.from_pretrained(f"{folder}/base", dtype=torch.float32, attn_implementation="eager").eval()
with torch.no_grad():
    base = model(input_ids=ids).logits[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # PEFT only warns of missing and unexpected keys
        warnings.simplefilter("ignore", FutureWarning)
        adapted = PeftModel.from_pretrained(model, given["adapter"]).eval()
    out = adapted(input_ids=ids).logits[0]
config = adapted.peft_config["default"]
differences = {"base": (base - expected["base"]).abs().max().item(), "adapted": (out - expected["adapted"]).abs().max().item()}
effect = (out - base).abs().max().item()
print(f"{given['adapter']}: r {config.r}, alpha {config.lora_alpha}, rslora {config.use_rslora}, dora {config.use_dora}; "
      f"effect {effect:.3f}, differences {differences}")
sys.exit(0 if effect > 10 * BOUND and max(differences.values()) <= BOUND else 1)
