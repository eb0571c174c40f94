"""Lambda's control plane, where the emulator accepts what AWS refuses."""
