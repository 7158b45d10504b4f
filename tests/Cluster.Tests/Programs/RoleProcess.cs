using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.Cluster.Tests.Programs;

/// <summary>One of the programs as a process, with its output lines, signals and exit code. Disposing kills it.</summary>
internal sealed partial class RoleProcess : IAsyncDisposable
{
    private const int InterruptSignal = 2;
    private const nint ByDefault = 0;

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _log = [];
    private readonly List<long> _saidAt = [];
    private readonly List<(Func<IReadOnlyList<string>, bool> Condition, TaskCompletionSource Met)> _waiting = [];

    private RoleProcess(Process process, int? group) => (_process, Group) = (process, group);

    /// <summary>
    /// Restores the default action of Ctrl-C, which programs in the background of a shell ignore, as do all their children.
    /// </summary>
    static RoleProcess()
    {
        var ignored = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..];
        if ((Convert.ToInt64(ignored.Trim(), 16) & (1 << (InterruptSignal - 1))) != 0)
            Handle(InterruptSignal, ByDefault);
    }

    public int Id => _process.Id;

    public string Output => Joined(_output);

    public string Errors => Joined(_errors);

    /// <summary>Both outputs with the time of each line.</summary>
    public string Log => Joined(_log);

    /// <summary>The group of the process. Null if it cannot be cut off.</summary>
    public int? Group { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="program">The program and its command line.</param>
    /// <param name="environment">Variables in addition to this process's environment.</param>
    /// <param name="group">The group of the process, if it shall be possible to cut it off.</param>
    public static RoleProcess Start(IReadOnlyList<string> program, IReadOnlyDictionary<string, string> environment, int? group = null)
    {
        string[] command = [.. group is null ? [] : Firewall.RunAs(group.Value), .. program];
        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        var started = new RoleProcess(new Process { StartInfo = info }, group);
        started._process.OutputDataReceived += (_, line) => started.Take(started._output, line.Data);
        started._process.ErrorDataReceived += (_, line) => started.Take(started._errors, line.Data);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits for a number of output lines with this beginning.</summary>
    public async Task SaysAsync(string beginning, int times = 1, TimeSpan? longest = null)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
            _waiting.Add((lines => lines.Count(line => line.StartsWith(beginning, StringComparison.Ordinal)) >= times, met));
        Take(_output, null);
        var exited = _process.WaitForExitAsync();
        await Task.WhenAny(met.Task, exited, Task.Delay(longest ?? Guard.Longest));
        if (met.Task.IsCompleted)
            return;
        var state = exited.IsCompleted ? $"ended with {_process.ExitCode}" : "is running";
        throw new InvalidOperationException($"The program {state} and has not said '{beginning}'.\n{Log}");
    }

    /// <summary>Gets the time of its last output line with this text, by the clock of the machine.</summary>
    public long LastSaid(string part)
    {
        lock (_output)
            return _saidAt[_output.FindLastIndex(line => line.Contains(part, StringComparison.Ordinal))];
    }

    public async Task<int> ExitAsync(TimeSpan? longest = null)
    {
        await _process.WaitForExitAsync().WaitAsync(longest ?? Guard.Longest);
        return _process.ExitCode;
    }

    /// <summary>Completes when it has ended.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync();

    /// <summary>Asks it to stop, as <c>docker stop</c> does.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, 15));

    /// <summary>Asks it to stop, as Ctrl-C in its terminal does. The signal reaches its child processes too, here first.</summary>
    public void Interrupt()
    {
        foreach (var process in Children().Append(_process.Id))
            Assert.Equal(0, Kill(process, InterruptSignal));
    }

    /// <summary>Pauses it, as a machine does that swaps or is migrated.</summary>
    public void Pause() => Pause(_process.Id);

    /// <summary>The same, of any process.</summary>
    public static void Pause(int process) => Assert.Equal(0, Kill(process, 19));

    /// <summary>Pauses it between two writes. In the middle of a write it would keep the SQLite file locked.</summary>
    public Task PauseBetweenWritesAsync() => PauseAsync(isWriting: false);

    /// <summary>Pauses it in the middle of a write. It keeps the SQLite file locked until it continues or ends.</summary>
    public Task PauseDuringAWriteAsync() => PauseAsync(isWriting: true);

    private Task PauseAsync(bool isWriting) => Guard.UntilAsync(async () =>
    {
        Pause();
        await Guard.UntilAsync(() => File.ReadLines($"/proc/{_process.Id}/status").Contains("State:\tT (stopped)"));
        if (LocksAFile() == isWriting)
            return true;
        Resume();
        return false;
    });

    /// <summary>Continues it.</summary>
    public void Resume() => Resume(_process.Id);

    /// <summary>The same, of any process.</summary>
    public static void Resume(int process) => Assert.Equal(0, Kill(process, 18));

    /// <summary>Cuts it off from all others until the result is disposed.</summary>
    public IDisposable CutOff() => Firewall.CutOff(Required);

    /// <summary>Drops its data to the other program until the result is disposed. The other direction works.</summary>
    public IDisposable MuteFor(RoleProcess other) => Firewall.Mute(Required, other.Required);

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The same, of any process.</summary>
    public static void Kill(int process) => Assert.Equal(0, Kill(process, 9));

    /// <summary>Describes the program and whether it has ended.</summary>
    public override string ToString() =>
        $"{_process.Id} {string.Join(' ', _process.StartInfo.ArgumentList)} "
        + (_process.HasExited ? $"(ended with {_process.ExitCode})" : "(is running)");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        // The output stays open while a process that a script left behind has it. The cluster finds that process.
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Guard.Longest));
        _process.Dispose();
    }

    private int Required => Group ?? throw new InvalidOperationException("It was started without a group of its own.");

    private void Take(List<string> lines, string? line)
    {
        lock (_output)
        {
            if (line is not null)
            {
                lines.Add(line);
                _log.Add($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
            }

            if (line is not null && lines == _output)
                _saidAt.Add(Stopwatch.GetTimestamp());
            foreach (var (condition, met) in _waiting)
            {
                if (condition(_output))
                    met.TrySetResult();
            }
        }
    }

    /// <summary>
    /// Whether it locks a part of a file for writing, as SQLite does during a write. Reads lines such as "1: POSIX ADVISORY WRITE 4711
    /// ...".
    /// </summary>
    private bool LocksAFile() => File.ReadLines("/proc/locks")
        .Any(line => line.Contains(" POSIX ", StringComparison.Ordinal)
            && line.Contains($" WRITE {_process.Id} ", StringComparison.Ordinal));

    private List<int> Children() =>
    [
        .. Directory.GetDirectories($"/proc/{_process.Id}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    private string Joined(List<string> lines)
    {
        lock (_output)
            return string.Join('\n', lines);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
