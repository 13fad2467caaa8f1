"""What people do on a screen and by SMS alike: done in the shop, and told to who did it."""
