using System.CommandLine;
using Actors.Coordinator;
using Actors.Programs;

return await ProgramOptions.RunCommandAsync(new CoordinatorCommand().AddTo(new RootCommand(CoordinatorCommand.Description)), args);
