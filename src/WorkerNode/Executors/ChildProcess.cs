using System.Diagnostics;
using Actors.Messages.Executors;
using Actors.Remoting.Bundles;

namespace Actors.WorkerNode.Executors;

/// <summary>The operating system's side of an executor: starts it, kills it, says how it ended. Thread-safe.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int SignalBase = 128;
    private const int TerminateSignal = 15;
    private const string HooksVariable = "DOTNET_STARTUP_HOOKS";
    private const string HookAssembly = "Actors.Executor";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>
    /// Starts the executor: the user's own closure of assemblies with the executor's entry point, or a self-contained program itself,
    /// with the executor as its startup hook. The token goes through standard input, which is then at its end: a command line and an
    /// environment can be read by others.
    /// </summary>
    /// <param name="code">Where the user's code lies.</param>
    /// <param name="socketPath">Where the executor connects to.</param>
    /// <param name="token">What it presents there.</param>
    /// <param name="memoryLimitBytes">The limit of its managed heap; 0 is none.</param>
    /// <param name="onExit">Called once, on some thread, when the process has ended.</param>
    public static ChildProcess StartProcess(CodePaths code, string socketPath, byte[] token, long memoryLimitBytes, Action onExit)
    {
        var process = new Process { StartInfo = CreateStartInfo(code, socketPath, memoryLimitBytes), EnableRaisingEvents = true };
        process.Exited += (_, _) => onExit();
        process.Start();
        try
        {
            using var input = process.StandardInput.BaseStream;
            input.Write(token);
        }
        catch (IOException)
        {
            // It has ended already; its exit says more than the broken pipe.
        }

        return new ChildProcess(process);
    }

    /// <summary>How it ended, as Python has it: negative is a signal. Null while it runs.</summary>
    public int? GetExitCode()
    {
        if (!_process.HasExited)
            return null;
        var code = _process.ExitCode;
        return code is > SignalBase and < SignalBase + 65 ? SignalBase - code : code;
    }

    /// <summary>Resident memory in bytes; 0 when it has ended.</summary>
    public long MeasureResidentBytes()
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Asks it to end, as a shell's <c>kill</c> does; where there is no such thing, ends it at once.</summary>
    public void Terminate()
    {
        if (OperatingSystem.IsWindows())
            Kill();
        else if (GetExitCode() is null)
            _ = SendSignal(_process.Id, TerminateSignal);
    }

    /// <summary>Ends it at once; nothing when it has ended.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static ProcessStartInfo CreateStartInfo(CodePaths code, string socketPath, long memoryLimitBytes)
    {
        var info = code.Program is { } program ? new ProcessStartInfo(program) : CreateDotNetExec(code);
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        var settings = CreateSettings(info.Environment, socketPath, memoryLimitBytes, isHooked: code.Program is not null);
        ExecutorEnvironment.ApplySettings(info.Environment, settings);
        return info;
    }

    private static ProcessStartInfo CreateDotNetExec(CodePaths code) => new(DotNetHost.Path)
    {
        ArgumentList = { "exec", "--depsfile", code.DepsFile, "--runtimeconfig", code.RuntimeConfigFile, code.ExecutorAssembly },
    };

    /// <summary>The variables of the executor's own; programs that its jobs start do not get them.</summary>
    private static Dictionary<string, string> CreateSettings(
        IDictionary<string, string?> inherited, string socketPath, long memoryLimitBytes, bool isHooked)
    {
        var settings = new Dictionary<string, string>
        {
            [ExecutorProtocol.SocketVariable] = socketPath,
            // One job at a time: a heap for each core would only cost memory; profiling instrumentation would only cost start-up.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        // The files by which a debugger finds a process stay behind when it is killed, as executors are. Set this to 1 to debug one.
        if (!inherited.ContainsKey("DOTNET_EnableDiagnostics"))
            settings["DOTNET_EnableDiagnostics"] = "0";
        if (memoryLimitBytes > 0)
            settings["DOTNET_GCHeapHardLimit"] = memoryLimitBytes.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        if (isHooked)
            settings[HooksVariable] = inherited.TryGetValue(HooksVariable, out var hooks) && hooks is { Length: > 0 }
                ? $"{hooks}{Path.PathSeparator}{HookAssembly}"
                : HookAssembly;
        return settings;
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
