using System.CommandLine;
using Actors.Chaos;
using Actors.Programs;

// The command chaos of the coordinator starts this program. Jobs of the load run its code on nodes, and need none of the coordinator's.
var root = new RootCommand("Breaks a running cluster on purpose.") { new ChaosCommand().CreateCommand() };
return await ProgramOptions.RunCommandAsync(root, args);
