using Actors.Executor;
using Actors.Messages.Executors;

/// <summary>
/// Turns the program of the user into an executor. The runtime calls this startup hook before <c>Main</c>. A self-contained program has no
/// <c>dotnet</c> that could run another assembly.
/// </summary>
internal static class StartupHook
{
    /// <summary>Runs the executor instead of the program if a node started this process; does nothing otherwise.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ExecutorProtocol.SocketVariable) is not null)
            Environment.Exit(ExecutorProcess.RunExecutor());
    }
}
