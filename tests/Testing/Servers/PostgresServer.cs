using System.Globalization;
using Actors.Cluster.Tests.Programs;

namespace Actors.Testing;

/// <summary>A PostgreSQL server of its own on loopback, which can be killed, frozen and started again. Removed on disposal.</summary>
internal sealed partial class PostgresServer : IDisposable
{
    /// <summary>The server refuses to run as root.</summary>
    private static readonly string[] AsNobody = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("postgres-");
    private readonly int _port = Ports.FindFree();

    public PostgresServer()
    {
        try
        {
            Command.Run("chown", "nobody:nogroup", _directory.FullName);
            RunAsNobody(Find("initdb"), "-D", Data, "-U", "actors", "--auth=trust", "--no-instructions");
            ConnectionFile = Path.Combine(_directory.FullName, "connection");
            File.WriteAllText(
                ConnectionFile, $"Host=127.0.0.1;Port={_port};Username=actors;Database=postgres;Timeout=5;Command Timeout=20");
            File.SetUnixFileMode(ConnectionFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file for <c>--postgres-file</c>.</summary>
    public string ConnectionFile { get; } = "";

    private string Data => Path.Combine(_directory.FullName, "data");

    /// <summary>The process that the other processes of the server descend from.</summary>
    private int Main => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Gets the reason why this machine has no server; null if it has one.</summary>
    public static string? FindMissing() => !Environment.IsPrivilegedProcess ? "A PostgreSQL server of a test needs the rights of root."
        : Command.TryRun(Find("initdb"), "--version").ExitCode != 0 ? "There is no PostgreSQL server on this machine." : null;

    /// <summary>Fails if this machine cannot run a server.</summary>
    public static void Probe() => new PostgresServer().Dispose();

    /// <summary>Starts the server, and waits until it accepts connections.</summary>
    public void Start() => RunAsNobody(
        Find("pg_ctl"), "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_directory.FullName, "log"),
        "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_directory.FullName}", "start");

    /// <summary>Ends all its processes at once, as a power failure of its machine does.</summary>
    public void Kill()
    {
        var processes = Processes();
        Signal("KILL", processes);
        Guard.UntilAsync(() => processes.All(process => !IsRunning(process))).GetAwaiter().GetResult();
    }

    /// <summary>Stops all its processes until <see cref="Thaw"/>. Connections stay open and are not answered.</summary>
    public void Freeze() => Signal("STOP", Processes());

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal("CONT", Processes());

    /// <inheritdoc/>
    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            Kill();
        _directory.Delete(recursive: true);
    }

    private static void Signal(string signal, IEnumerable<int> processes) =>
        Command.TryRun("kill", [$"-{signal}", .. processes.Select(process => $"{process}")]);

    private static bool IsRunning(int process) => Directory.Exists($"/proc/{process}");

    private static string Find(string program) => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetFiles("/usr/lib/postgresql", program, SearchOption.AllDirectories).FirstOrDefault() ?? program
        : program;

    private List<int> Processes()
    {
        var main = Main;
        var children = Command.TryRun("pgrep", "-P", $"{main}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [main, .. children.Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
    }

    /// <summary>The output goes nowhere: the server would keep a pipe of this process open.</summary>
    private static void RunAsNobody(params string[] command) =>
        Command.Run(AsNobody[0], [.. AsNobody[1..], "sh", "-c", "\"$0\" \"$@\" > /dev/null", .. command]);
}
