// Ends without having said anything.
process.exit(4);
