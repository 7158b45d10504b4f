using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary>The token of a worker process. A dump of its memory must not contain it.</summary>
[SupportedOSPlatform("linux")]
public sealed class ExecutorTokenTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RunDirectory _directory = RunDirectory.CreateDirectory();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Executor_TokenWasSent_IsNotInMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var listener = new ExecutorListener(_directory.SocketPath);
        var accepted = new TaskCompletionSource<AcceptedExecutor>(TaskCreationOptions.RunContinuationsAsynchronously);
        var token = listener.CreateToken(accepted.SetResult);
        var spec = new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, 0);
        using var process = ChildProcess.StartProcess(Code(), _directory.SocketPath, token, spec, () => { });
        try
        {
            await accepted.Task.WaitAsync(Patience);

            // The process clears the token right after it has sent it.
            await UntilAsync(() => !IsInMemory(process.Id, token));
            Assert.True(IsInMemory(process.Id, Encoding.UTF8.GetBytes(_directory.SocketPath)));
        }
        finally
        {
            process.Kill();
        }
    }

    private static CodePaths Code()
    {
        var executor = Path.Combine(AppContext.BaseDirectory, "Actors.Executor");
        return new CodePaths($"{executor}.deps.json", $"{executor}.runtimeconfig.json", $"{executor}.dll");
    }

    /// <summary>Searches all writable memory of the process, by lines such as "7f00-7f10 rw-p ...".</summary>
    private static bool IsInMemory(int process, ReadOnlySpan<byte> bytes)
    {
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        foreach (var line in File.ReadLines($"/proc/{process}/maps").Where(line => line.Contains(" rw", StringComparison.Ordinal)))
        {
            var range = line.Split(' ')[0].Split('-');
            if (Contains(memory, Address(range[0]), Address(range[1]), bytes))
                return true;
        }

        return false;
    }

    private static long Address(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool Contains(Microsoft.Win32.SafeHandles.SafeFileHandle memory, long from, long to, ReadOnlySpan<byte> bytes)
    {
        var block = new byte[1 << 20];
        try
        {
            // Blocks overlap, so that a token at the end of a block is found.
            for (var at = from; at < to; at += block.Length - bytes.Length)
            {
                var read = RandomAccess.Read(memory, block.AsSpan(0, (int)Math.Min(block.Length, to - at)), at);
                if (block.AsSpan(0, read).IndexOf(bytes) >= 0)
                    return true;
            }
        }
        catch (IOException)
        {
            // The process has unmapped it.
        }

        return false;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(50, timeout.Token);
    }
}
