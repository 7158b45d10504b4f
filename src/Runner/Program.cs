using System.CommandLine;
using Actors.Programs;
using Actors.Runner;

// The tool starts this program beside the assembly of the user.
var root = new RootCommand("Calls functions of an assembly in a pool.") { new RunCommand().CreateCommand() };
return await ProgramOptions.RunCommandAsync(root, args);
