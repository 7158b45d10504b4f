using Actors.Executor;

return ExecutorProcess.Run();
