"""Serves one model over HTTP with the llama.cpp server that the Python package xllamacpp carries.

It understands the few flags of llama-server that Sportello passes, so that both engines are started with the same words. It
exits when its standard input closes: no engine outlives the process that started it.
"""
import argparse
import os
import sys

import xllamacpp as llama


def flags():
    p = argparse.ArgumentParser(allow_abbrev=False)
    p.add_argument("--model", required=True)
    p.add_argument("--alias", default="model")
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, required=True)
    p.add_argument("--ctx-size", type=int, default=4096)
    p.add_argument("--batch-size", type=int, default=2048)
    p.add_argument("--ubatch-size", type=int, default=512)
    p.add_argument("--parallel", type=int, default=1)
    p.add_argument("--threads", type=int, default=0)
    p.add_argument("--gpu-layers", type=int, default=-1)
    p.add_argument("--embeddings", action="store_true")
    p.add_argument("--reranking", action="store_true")
    return p.parse_args()


def parameters(f):
    p = llama.CommonParams()
    p.model.path = f.model
    p.model_alias = {f.alias}
    p.hostnames = [f.host]
    p.port = f.port
    p.n_ctx = f.ctx_size
    p.n_batch = f.batch_size
    p.n_ubatch = f.ubatch_size
    p.n_parallel = f.parallel
    p.fit_params = False  # it would load the vocabulary twice to fit a memory we do not ask it to fit
    p.n_gpu_layers = f.gpu_layers
    if f.threads > 0:
        p.cpuparams.n_threads = f.threads
        p.cpuparams_batch.n_threads = f.threads
    if f.embeddings or f.reranking:
        p.embedding = True
    if f.reranking:
        p.pooling_type = llama.llama_pooling_type.LLAMA_POOLING_TYPE_RANK
    # As in llama-server, the key comes from the environment: a process list does not show it.
    key = os.environ.get("LLAMA_API_KEY", "")
    if key:
        p.api_keys = [key]
    p.cors_origins = ""
    p.ui = False
    p.cache_ram_mib = 0
    return p


def main():
    f = flags()
    server = llama.Server(parameters(f))
    print("listening on", server.listening_address, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
