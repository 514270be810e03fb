#!/usr/bin/env python3
"""Makes fewshot_expected.json, edges_expected.json and python_draws.json beside it: the reference harness on the model that comes with Lathe, with
solved items before each prompt, and on items at the edge. Its own code throughout; a task differs from the one that the harness ships only in where the rows come from.

Usage: python make_expected.py      needs lm-eval 0.4.13, torch, transformers; fp32
The committed files stay as they are; a difference is a finding.
"""
import json, os, random, sys, tempfile, warnings

warnings.filterwarnings("ignore")
os.environ.update(CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
import lm_eval, torch, transformers
from importlib.metadata import version
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..", "resources")
SAMPLES = os.path.join(ROOT, "benchmarks", "samples")

METRICS = "metric_list:\n  - {metric: acc, aggregation: mean, higher_is_better: true}\n"
NORM = METRICS + "  - {metric: acc_norm, aggregation: mean, higher_is_better: true}\n"
BODY = {
    "arc_easy": 'doc_to_text: "Question: {{question}}\\nAnswer:"\ndoc_to_target: "{{choices.label.index(answerKey)}}"\ndoc_to_choice: "{{choices.text}}"\n' + NORM,
    "boolq": 'doc_to_text: "{{passage}}\\nQuestion: {{question}}?\\nAnswer:"\ndoc_to_target: label\ndoc_to_choice: ["no", "yes"]\n' + METRICS,
    "hellaswag": 'doc_to_text: "{{activity_label}}: {{ctx}}"\ndoc_to_target: "{{label}}"\ndoc_to_choice: "{{endings}}"\n' + NORM,
    "piqa": 'doc_to_text: "Question: {{goal}}\\nAnswer:"\ndoc_to_target: label\ndoc_to_choice: "{{[sol1, sol2]}}"\n' + NORM,
    "social_iqa": 'doc_to_text: "Q: {{context_question}}\\nA:"\ntarget_delimiter: " "\ndoc_to_choice: "{{[answerA, answerB, answerC]}}"\ndoc_to_target: "{{ (label|int) - 1 }}"\n' + METRICS,
    "triviaqa": (
        'doc_to_text: "Question: {{question}}?\\nAnswer:"\ndoc_to_target: "{{answer.aliases}}"\ngeneration_kwargs:\n  until: ["\\n", ".", ","]\n'
        "  do_sample: false\n  temperature: 0.0\nfilter_list:\n  - name: remove_whitespace\n    filter:\n      - function: remove_whitespace\n      - function: take_first\n"
        "metric_list:\n  - {metric: exact_match, aggregation: mean, higher_is_better: true, ignore_case: true, ignore_punctuation: true}\n"
    ),
}
BODY["arc_challenge"] = BODY["arc_easy"]
# Which splits a task has, as its YAML in the harness says: ARC has a test split, so that the harness draws exactly as many as it shows.
TRAIN = {"arc_easy": "training_split: train\ntest_split: test\n", "piqa": "training_split: train\nvalidation_split: test\n"}
# Without a training split: from the scored items, the item itself left out.
OWN = "test_split: test\nfewshot_split: test\n"


WORDS = "the man took the letter to the old house and the dog ran after him along the road by the river until it was dark".split()


def words(count, start=0):
    return " ".join(WORDS[(start + 7 * i + i // 5) % len(WORDS)] for i in range(count))


def edge_rows():
    """Longer than the model's 1024 tokens, as a whole or by one choice; empty, blank and equal choices; blanks of several kinds at the end."""
    def row(question, choices, key=0):
        labels = "ABCD"[: len(choices)]
        return {"question": question, "choices": {"text": choices, "label": list(labels)}, "answerKey": labels[key]}

    return [
        row("Where is it?", ["here", "there"]),
        row(words(1400) + "?", ["in the house", "on the road", "in the river"], 1),
        row(words(700, 3) + "?", ["a dog", words(500, 2), "a letter"], 0),
        row("What is nothing?", ["something", ""], 1),
        row("What is nothing?", ["", ""], 1),
        row("Which one?", ["the dog", "the dog", "the road"], 1),
        row("Who came?", [" the man", "the man "], 0),
        row("Line\u2028break\u00a0and \u0645\u0631\u062d\u0628\u0627 \U0001f600", ["\U0001f600", "\u0645\u0631\u062d\u0628\u0627", "na\u00efve"], 0),
        row("", ["a", "b"], 1),
    ]


def text_rows():
    return [{"text": text} for text in ("The dog ran.", "", " ", words(1500), words(2300, 5), "na\u00efve\u0085\u00a0two\u001fthree\ufefffour \U0001f600\n\n1 2")]


EDGE = 'doc_to_text: "{{question}}{{extra}}"\ndoc_to_target: "{{choices.label.index(answerKey)}}"\ndoc_to_choice: "{{choices.text}}"\n' + NORM
ROLLING = "doc_to_text: ''\ndoc_to_target: text\nmetric_list:\n" + "".join(f"  - metric: {name}\n" for name in ("word_perplexity", "byte_perplexity", "bits_per_byte"))


def evaluate_rows(lm, kind, body, rows):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/rows.jsonl", "w") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        head = f"task: edge\ndataset_path: json\ndataset_name: null\ndataset_kwargs:\n  data_files:\n    test: {folder}/rows.jsonl\noutput_type: {kind}\ntest_split: test\n"
        with open(f"{folder}/edge.yaml", "w") as file:
            file.write(head + body + "metadata:\n  version: 1.0\n")
        manager = TaskManager(include_path=folder, include_defaults=False)
        result = lm_eval.simple_evaluate(model=lm, tasks=["edge"], log_samples=True, task_manager=manager, bootstrap_iters=0)
    return result["results"]["edge"], sorted(result["samples"]["edge"], key=lambda sample: sample["doc_id"])


def edges(lm):
    made = {"harness": version("lm_eval"), "torch": torch.__version__, "transformers": transformers.__version__, "runs": {}}
    for name, extra in (("", ""), ("blanks at the end", " \t\u00a0\x1f\n")):
        rows = [{**row, "extra": extra} for row in edge_rows()]
        if extra == "":
            rows[0]["question"] += " "
        _, samples = evaluate_rows(lm, "multiple_choice", EDGE, rows if extra == "" else rows[:-1])
        items = [{key: value for key, value in item_of(sample, "choice").items() if key != "requests"} for sample in samples]
        made["runs"]["choices " + name] = {"rows": rows if extra == "" else rows[:-1], "items": items}
    figures, samples = evaluate_rows(lm, "loglikelihood_rolling", ROLLING, text_rows())
    totals = {key.split(",")[0]: value for key, value in figures.items() if isinstance(value, float)}
    made["runs"]["texts"] = {"rows": text_rows(), **totals, "logprobs": [float(sample["filtered_resps"][0]) for sample in samples]}
    return made


def write_task(folder, name, *, has_train):
    files = f"    test: {SAMPLES}/{name}.jsonl\n" + (f"    train: {SAMPLES}/{name}.train.jsonl\n" if has_train else "")
    kind = "generate_until" if name == "triviaqa" else "multiple_choice"
    head = f"task: own_{name}\ndataset_path: json\ndataset_name: null\ndataset_kwargs:\n  data_files:\n{files}output_type: {kind}\n"
    with open(f"{folder}/own_{name}.yaml", "w") as file:
        file.write(head + (TRAIN[name] if has_train else OWN) + BODY[name] + "metadata:\n  version: 1.0\n")


def pairs_of(sample):
    arguments = sample["arguments"]
    return [list(pair.values()) for pair in arguments.values()] if isinstance(arguments, dict) else [list(pair) for pair in arguments]


def item_of(sample, kind):
    item = {"i": sample["doc_id"]}
    if kind == "written":
        prompt = pairs_of(sample)[0][0]
        return {**item, "generated": sample["filtered_resps"][0], "correct": sample["exact_match"], "prompt": prompt}
    log_probs = [float(answer[0]) for answer in sample["filtered_resps"]]
    marks = {key: sample[key] for key in ("acc", "acc_norm") if key in sample}
    greedy = [str(answer[1]) == "True" for answer in sample["filtered_resps"]]
    return {**item, "argmax": log_probs.index(max(log_probs)), **marks, "logprobs": log_probs, "greedy": greedy, "requests": pairs_of(sample)}


def run(lm, name, *, shots, has_train=False, chat=False):
    with tempfile.TemporaryDirectory() as folder:
        write_task(folder, name, has_train=has_train)
        manager = TaskManager(include_path=folder, include_defaults=False)
        result = lm_eval.simple_evaluate(
            model=lm, tasks=[f"own_{name}"], num_fewshot=shots, apply_chat_template=chat, log_samples=True, task_manager=manager, bootstrap_iters=0
        )
    kind = "written" if name == "triviaqa" else "choice"
    items = [item_of(sample, kind) for sample in sorted(result["samples"][f"own_{name}"], key=lambda sample: sample["doc_id"])]
    n = len(items)
    scores = {key: sum(item[key] for item in items) / n for key in ("acc", "acc_norm", "correct") if key in items[0]}
    stderr = {key: (value * (1 - value) / (n - 1)) ** 0.5 for key, value in scores.items()}
    return {"n": n, **scores, "stderr": stderr, "items": items}


def expected(lm):
    runs = {}
    for name in BODY:
        runs[f"{name} 2"] = run(lm, name, shots=2)
    for name in TRAIN:
        runs[f"{name} 5 train"] = run(lm, name, shots=5, has_train=True)
    for name in ("arc_easy", "triviaqa"):
        runs[f"{name} 2 chat"] = run(lm, name, shots=2, chat=True)
    runs["boolq 0 chat"] = run(lm, "boolq", shots=0, chat=True)
    return {"harness": version("lm_eval"), "torch": torch.__version__, "transformers": transformers.__version__, "runs": runs}


def draws():
    pairs = [(12, 2), (12, 3), (21, 5), (22, 5), (40, 5), (40, 6), (85, 6), (86, 6), (276, 22), (278, 22), (300, 2), (10042, 11), (138384, 64), (7, 7)]
    made = []
    for seed in (0, 1234, 4294967295):
        generator = random.Random(seed)
        made.append({"seed": seed, "draws": [{"n": n, "k": k, "drawn": generator.sample(range(n), k)} for n, k in pairs]})
    return made


def load():
    folder, file = os.path.join(ROOT, "models"), "lathe-base.gguf"
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    # transformers leaves `tokenizer.ggml.pre` unread: smollm splits digits first.
    pieces = [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(pieces)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
    return HFLM(pretrained=model, tokenizer=tokenizer, batch_size=8, device="cpu")


def write(name, value):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(value, file, ensure_ascii=False, indent=None)


if __name__ == "__main__":
    torch.set_num_threads(1)
    write("python_draws.json", draws())
    lm = load()
    write("edges_expected.json", edges(lm))
    if "--edges" not in sys.argv:
        write("fewshot_expected.json", expected(lm))
    sys.stdout.write("written\n")
