using Actors;

namespace WordCount;

/// <summary>Kills one worker process in the middle of the work, and says what became of it.</summary>
internal sealed class Killer
{
    private readonly ProcessPool _pool;
    private readonly bool _wanted;
    private readonly TextWriter _lines;
    private readonly List<ExecutorInfo> _started = [];
    private readonly List<ExecutorInfo> _ended = [];
    private ExecutorInfo? _victim;

    public Killer(ProcessPool pool, bool wanted, TextWriter lines)
    {
        _pool = pool;
        _wanted = wanted;
        _lines = lines;
        _pool.ExecutorChanged += executor =>
        {
            lock (_started)
                (executor.HasExited ? _ended : _started).Add(executor);
        };
    }

    /// <summary>Kills one once half of the work is done.</summary>
    public void Half(bool isReached)
    {
        if (!_wanted || !isReached || _victim is not null || _pool.Executors.FirstOrDefault() is not { } executor)
            return;
        _victim = executor;
        _pool.Kill(executor);
    }

    /// <summary>Says what happened, when the pool is over.</summary>
    public void Report()
    {
        if (_victim is null)
            return;
        lock (_started)
        {
            var code = _ended.FirstOrDefault(ended => ended.ProcessId == _victim.ProcessId)?.ExitCode;
            var others = _started.Skip(_started.FindIndex(started => started.ProcessId == _victim.ProcessId) + 1);
            _lines.WriteLine(
                $"killed worker process {_victim.ProcessId} (exit code {code}); replaced by {string.Join(", ", others.Select(other => other.ProcessId))}; "
                + "what it was running was run again");
        }
    }
}
