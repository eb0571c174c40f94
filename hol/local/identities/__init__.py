"""IAM, where the emulator accepts what AWS refuses."""
