using System.CommandLine;
using Actors.Programs;
using Actors.WorkerNode;

return await ProgramOptions.RunCommandAsync(new WorkerCommand().AddTo(new RootCommand(WorkerCommand.Description)), args);
