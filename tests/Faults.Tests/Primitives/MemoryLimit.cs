using System.Globalization;

namespace Actors.Faults.Tests.Primitives;

/// <summary>
/// A group of processes with a memory limit (a control group). Beyond it the system kills one of them. Removed on disposal.
/// </summary>
internal sealed class MemoryLimit : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _group;
    private readonly bool _isUnified = File.Exists($"{Root}/cgroup.controllers");

    /// <param name="megabytes">The limit.</param>
    public MemoryLimit(int megabytes)
    {
        _group = Path.Combine(_isUnified ? Root : $"{Root}/memory", $"actors-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_group);
        try
        {
            Write(_isUnified ? "memory.max" : "memory.limit_in_bytes", (long)megabytes << 20);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of processes that the system has killed.</summary>
    public long Kills => File.ReadLines(Path.Combine(_group, _isUnified ? "memory.events" : "memory.oom_control"))
        .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
        .Select(line => long.Parse(line[9..], CultureInfo.InvariantCulture)).Single();

    /// <summary>Fails if this machine has no such groups.</summary>
    public static void Probe()
    {
        using var limit = new MemoryLimit(64);
        if (limit.Kills != 0)
            throw new InvalidOperationException("A new control group has killed processes.");
    }

    /// <summary>Gets the command that starts a program in the group.</summary>
    public string[] RunIn() => ["sh", "-c", $"echo $$ > {_group}/cgroup.procs; exec \"$0\" \"$@\""];

    /// <summary>Moves a running process into the group. Only memory that it takes from now on counts.</summary>
    public void Add(int process) => Write("cgroup.procs", process);

    /// <inheritdoc/>
    public void Dispose()
    {
        // A group whose last process is about to end cannot be removed yet.
        Guard.UntilAsync(() =>
        {
            try
            {
                Directory.Delete(_group);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }).GetAwaiter().GetResult();
    }

    private void Write(string file, long value) =>
        File.WriteAllText(Path.Combine(_group, file), value.ToString(CultureInfo.InvariantCulture));
}
