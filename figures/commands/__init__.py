"""What the commands of `sims` draw with --out, from their JSON documents."""
