using Actors.Executor;
using Actors.Messages.Executors;

/// <summary>
/// Makes the user's own program an executor, by the runtime's startup hook: the runtime calls it before <c>Main</c>. A self-contained
/// program brings no <c>dotnet</c> that could run another assembly.
/// </summary>
internal static class StartupHook
{
    /// <summary>Runs the executor in place of the program where a node started this process; does nothing otherwise.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ExecutorProtocol.SocketVariable) is not null)
            Environment.Exit(ExecutorProcess.RunExecutor());
    }
}
