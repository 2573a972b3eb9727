"""What is handed over, as a pack: files in memory, made from what stands under `out/`."""
