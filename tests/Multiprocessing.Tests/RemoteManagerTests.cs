using System.Security.Authentication;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestRemoteManager</c> and <c>_TestManagerRestart</c>: other programs use objects over the network with a key.
/// </summary>
public sealed class RemoteManagerTests
{
    private static readonly byte[] Key = "a good long secret"u8.ToArray();

    /// <summary><c>test_remote</c></summary>
    [Fact]
    public async Task Connect_WithTheKey_FindsPublishedObjects()
    {
        await using var served = await ServedManager.StartAsync(key: Key).Soon();
        var queue = await served.Objects.CreateQueueAsync<string>();
        await served.Objects.PublishAsync("mail", queue);

        await using (var other = await Manager.ConnectAsync(served.Address, Key).Soon())
        {
            var found = await other.FindAsync<ManagedQueue<string>>("mail").Soon();
            found.Put("hello");
            await other.PublishAsync("reply", await other.CreateListAsync([1, 2, 3]));
        }

        Assert.Equal("hello", queue.Get(TimeSpan.FromSeconds(60)));
        // A named object outlives the manager that created it.
        var reply = await served.Objects.FindAsync<ManagedList<int>>("reply").Soon();
        Assert.Equal([1, 2, 3], reply.ToArray());
    }

    /// <summary>Python raises <c>AuthenticationError</c>.</summary>
    [Fact]
    public async Task Connect_WithAnotherKeyOrNone_IsRefused()
    {
        await using var served = await ServedManager.StartAsync(key: Key).Soon();

        Assert.Contains("another key", (await Assert.ThrowsAsync<AuthenticationException>(
            () => Manager.ConnectAsync(served.Address, "another"u8.ToArray()).Soon())).Message, StringComparison.Ordinal);
        Assert.Contains("ACTORS_KEY_FILE", (await Assert.ThrowsAsync<AuthenticationException>(
            () => Manager.ConnectAsync(served.Address).Soon())).Message, StringComparison.Ordinal);
        await using var right = await Manager.ConnectAsync(served.Address, Key).Soon();
        Assert.Null(await right.TryFindAsync<ManagedLock>("none").Soon());
    }

    [Fact]
    public async Task Connect_WithAKeyToAManagerWithoutAKey_IsRefusedByTheClient()
    {
        await using var served = await ServedManager.StartAsync().Soon();

        Assert.Contains("key of its user", (await Assert.ThrowsAsync<AuthenticationException>(
            () => Manager.ConnectAsync(served.Address, Key).Soon())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BeyondLoopbackWithoutAKey_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ServedManager.StartAsync(host: "0.0.0.0"));

    [Fact]
    public async Task Start_BeyondLoopbackWithoutCertificates_IsRefused() =>
        Assert.Contains("ACTORS_TLS_DIRECTORY", (await Assert.ThrowsAsync<InvalidOperationException>(
        () => ServedManager.StartAsync(key: Key, host: "0.0.0.0"))).Message, StringComparison.Ordinal);

    /// <summary><c>test_rapid_restart</c></summary>
    [Fact]
    public async Task Start_RecentlyReleasedPort_Works()
    {
        var first = await ServedManager.StartAsync(key: Key).Soon();
        var port = int.Parse(first.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        await first.DisposeAsync().AsTask().Soon();

        await using var second = await ServedManager.StartAsync(port, Key).Soon();

        await using var client = await Manager.ConnectAsync(second.Address, Key).Soon();
        Assert.Equal(0, (await client.CreateValueAsync(0)).Value);
    }

    [Fact]
    public async Task Publish_NameInUseOrUnmanagedObject_IsRefused()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var name = $"name {Guid.NewGuid()}";
        var first = await manager.CreateLockAsync();
        await manager.PublishAsync(name, first);
        await manager.PublishAsync(name, first);

        Assert.Contains(
            name, (await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await manager.PublishAsync(name, await manager.CreateLockAsync()))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => manager.PublishAsync("text", "plain"));
        await Assert.ThrowsAsync<InvalidCastException>(() => manager.FindAsync<ManagedQueue<int>>(name));
        await manager.UnpublishAsync(name);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => manager.FindAsync<ManagedLock>(name));
    }
}
