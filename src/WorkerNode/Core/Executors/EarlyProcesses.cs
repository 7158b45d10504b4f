using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Processes that start before their executors exist: the first pool of a program starts its workers beside the actor system. They suit
/// all executors of this program's code without an environment or a memory limit of their own. Thread-safe.
/// </summary>
/// <param name="listener">Accepts their connections.</param>
/// <param name="socketPath">The socket that they connect to.</param>
public sealed class EarlyProcesses(ExecutorListener listener, string socketPath)
{
    private readonly Lock _access = new();
    private readonly Queue<StartingProcess> _waiting = new();

    /// <summary>Begins to start processes, if executors with these settings can use them.</summary>
    public void Begin(CodePaths code, PoolSpec spec, int processes)
    {
        if (!IsPlain(spec))
            return;
        lock (_access)
        {
            for (var i = 0; i < processes; i++)
                _waiting.Enqueue(StartingProcess.Begin(listener, code, socketPath, spec));
        }
    }

    /// <summary>Takes a process for an executor.</summary>
    /// <returns>Whether there is one that suits.</returns>
    public bool TryTake(PoolSpec spec, [NotNullWhen(true)] out StartingProcess? process)
    {
        process = null;
        lock (_access)
            return IsPlain(spec) && _waiting.TryDequeue(out process);
    }

    /// <summary>Ends the processes that no executor has taken.</summary>
    public Task EndRemainingAsync()
    {
        lock (_access)
        {
            var ending = _waiting.Select(static process => process.EndAsync()).ToList();
            _waiting.Clear();
            return Task.WhenAll(ending);
        }
    }

    private static bool IsPlain(PoolSpec spec) => spec is { Environment: null, MemoryLimitBytes: 0 };
}
