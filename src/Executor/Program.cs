using Actors.Executor;

return ExecutorProcess.RunExecutor();
