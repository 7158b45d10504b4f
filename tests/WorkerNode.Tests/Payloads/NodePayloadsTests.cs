using System.Diagnostics;
using System.Runtime.InteropServices;
using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Payloads;
using Actors.WorkerNode.Payloads;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Microsoft.Win32.SafeHandles;

namespace Actors.WorkerNode.Tests.Payloads;

/// <summary><see cref="NodePayloads"/>: a job prepares its result file so that the node cannot read it.</summary>
public sealed partial class NodePayloadsTests : TestKit
{
    private const int Transfers = 3;

    // Commands of fcntl, the type of a lease, and a signal that is ignored by default.
    private const int SetLease = 1024;
    private const int SetSignal = 10;
    private const int WriteLease = 1;
    private const int UrgentSignal = 23;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>In memory, where each file system has leases.</summary>
    private readonly PayloadDirectory _directory = PayloadDirectory.CreateIn(
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"payloads-{Guid.NewGuid():N}"));

    private readonly NodePayloads _payloads;

    public NodePayloadsTests() => _payloads = new NodePayloads(_directory);

    [Fact]
    public async Task SendFileAsync_DirectoriesInPlaceOfResults_LeaveOtherTransfersAlone()
    {
        for (var transfer = 0; transfer < Transfers; transfer++)
        {
            var path = Path.Combine(_directory.Path, $"{transfer}.result");
            Directory.CreateDirectory(path);
            await Assert.ThrowsAnyAsync<IOException>(() => SendFileAsync(path).WaitAsync(Patience));
        }

        await AssertSendsAsync();
    }

    /// <summary>A program that opens such a file waits until the lease is broken, for 45 s by default.</summary>
    [Fact]
    public async Task SendFileAsync_LeasedResults_FailAtOnce()
    {
        var began = Stopwatch.GetTimestamp();
        for (var transfer = 0; transfer < Transfers; transfer++)
        {
            var path = Path.Combine(_directory.Path, $"{transfer}.result");
            using var leased = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
            Assert.Equal(0, ControlFile(leased.SafeFileHandle, SetSignal, UrgentSignal));
            Assert.Equal(0, ControlFile(leased.SafeFileHandle, SetLease, WriteLease));
            await Assert.ThrowsAsync<IOException>(() => Task.Run(() => SendFileAsync(path)));
        }

        Assert.True(Stopwatch.GetElapsedTime(began) < Patience);
        await AssertSendsAsync();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _directory.Dispose();
        Directory.Delete(Path.GetDirectoryName(_directory.Path)!);
    }

    private async Task AssertSendsAsync()
    {
        var path = Path.Combine(_directory.Path, "honest.result");
        await File.WriteAllBytesAsync(path, new byte[100]);

        var sending = SendFileAsync(path);
        var offer = await ExpectMsgAsync<PayloadProtocol.OfferPayload>(Patience);
        Assert.Equal(100, offer.Length);
        LastSender.Tell(new PayloadProtocol.PayloadRefused(offer.Payload, "full"), TestActor);

        await Assert.ThrowsAsync<PayloadStoreException>(() => sending.WaitAsync(Patience));
        Assert.False(File.Exists(path));
    }

    private Task<StoredPayload> SendFileAsync(string path) =>
        _payloads.SendFileAsync(TestActor, ExecutorId.New(), path, CancellationToken.None);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlFile(SafeFileHandle file, int command, int value);
}
