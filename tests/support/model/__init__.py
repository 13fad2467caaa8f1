"""The whole market as a machine that hypothesis plays with: the people and their shop (`world`),
what they do (`trade`, `money`, `quarrels`, `trust`), and what must be true after every step
(`witness`, `roles`, `told`, `truths`)."""
