/** Chat templates with the features that the published ones of Qwen 3, SmolLM3 and Granite use; the words and the order are our own. */

/** Qwen 3: only answers after the last question keep their thoughts; an empty thought where thinking is switched off. */
const qwen3 = `{%- if messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(searching=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.searching and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.searching = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.role == "user" or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set thought = '' %}
        {%- if message.reasoning_content is string %}
            {%- set thought = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or (not loop.last and thought)) %}
            {{- '<|im_start|>assistant\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>assistant\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for call in message.tool_calls %}
                {{- '\\n<tool_call>\\n' + (call.arguments | tojson) + '\\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}`;

/** SmolLM3: flags in the system message, the day, and the marks of transformers around what the model says. */
const smollm3 = `{#- a comment -#}
{%- if enable_thinking is not defined -%}
{%- set enable_thinking = true -%}
{%- endif -%}
{%- set mode = "/think" if enable_thinking else "/no_think" -%}
{{- "<|im_start|>system\\n" -}}
{%- if messages[0].role == "system" -%}
  {%- set system_message = messages[0].content -%}
  {%- if "/no_think" in system_message -%}
    {%- set mode = "/no_think" -%}
  {%- endif -%}
  {%- set custom = system_message.replace("/no_think", "").replace("/think", "").rstrip() -%}
{%- endif -%}
{{- "Date: " ~ strftime_now("%d %B %Y") ~ "\\n" -}}
{{- "Mode: " + mode + "\\n\\n" -}}
{%- if custom -%}
  {{- custom + "\\n\\n" -}}
{%- elif mode == "/think" -%}
  {{- "Think first.\\n\\n" -}}
{%- endif -%}
{{- "<|im_end|>\\n" -}}
{%- for message in messages -%}
  {%- set content = message.content if message.content is string else "" -%}
  {%- if message.role == "user" -%}
    {{ "<|im_start|>" + message.role + "\\n" + content + "<|im_end|>\\n" }}
  {%- elif message.role == "assistant" -%}
    {%- generation -%}
    {%- if mode == "/think" -%}
      {{ "<|im_start|>assistant\\n" + content.lstrip("\\n") + "<|im_end|>\\n" }}
    {%- else -%}
      {{ "<|im_start|>assistant\\n" + "<think>\\n\\n</think>\\n" + content.lstrip("\\n") + "<|im_end|>\\n" }}
    {%- endif -%}
    {%- endgeneration -%}
  {%- elif message.role == "tool" -%}
    {{ "<|im_start|>user\\n" + content + "<|im_end|>\\n" }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {%- if mode == "/think" -%}
    {{ "<|im_start|>assistant\\n" }}
  {%- else -%}
    {{ "<|im_start|>assistant\\n" + "<think>\\n\\n</think>\\n" }}
  {%- endif -%}
{%- endif -%}`;

/** Granite 3: a system message of its own with the day where there is none, and the rest of the messages in a slice. */
const granite3 = `{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set system_message = "Knowledge until April 2024.\\nToday is " + strftime_now('%B %d, %Y') + ".\\n" %}
    {%- if tools and documents %}
        {%- set system_message = system_message + "Use both." %}
    {%- elif tools %}
        {%- set system_message = system_message + "Use tools." %}
    {%- elif thinking %}
        {%- set system_message = system_message + "Think." %}
    {%- else %}
        {%- set system_message = system_message + "You are Granite." %}
    {%- endif %}
    {%- if controls and 'length' in controls %}{%- set system_message = system_message + ' ' + controls['length'] | tojson %}{%- endif %}
    {%- set loop_messages = messages %}
{%- endif %}
{{- '<|start_of_role|>system<|end_of_role|>' + system_message + '<|end_of_text|>\\n' }}
{%- for message in loop_messages %}
    {{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\\n' }}
    {%- if loop.last and add_generation_prompt %}
        {{- '<|start_of_role|>assistant' }}
        {%- if controls %}{{- ' ' + controls | tojson() }}{%- endif %}
        {{- '<|end_of_role|>' }}
    {%- endif %}
{%- endfor %}`;

/** Granite 4: a default system message in a namespace, content as text or as parts, macros. */
const granite4 = `{%- set default_system = 'You are a helpful assistant.' %}
{%- set ns = namespace(system=default_system, parts='') %}
{%- macro turn(role, text, end='<|end_of_text|>\\n') -%}
{{ '<|start_of_role|>' ~ role ~ '<|end_of_role|>' ~ text ~ end }}
{%- endmacro %}
{%- if messages and messages[0].role == 'system' %}
    {%- if messages[0].content is string %}
        {%- set ns.system = messages[0].content %}
    {%- else %}
        {%- for entry in messages[0].content if entry.type == 'text' %}
            {%- set ns.parts = ns.parts + entry.text %}
        {%- endfor %}
        {%- set ns.system = ns.parts %}
    {%- endif %}
{%- endif %}
{%- if available_tools is defined and available_tools %}
    {%- for tool in available_tools %}{{- tool | tojson }}{%- endfor %}
{%- endif %}
{{- turn('system', ns.system) }}
{%- for message in messages %}
    {%- if message.role == 'system' and loop.first %}{% continue %}{% endif %}
    {{- turn(message.role, message.content | trim) }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- turn('assistant', '', end='') }}
{%- endif %}`;

export const templates = { qwen3, smollm3, granite3, granite4 } as const;
