using System.Runtime.ExceptionServices;
using System.Runtime.Versioning;
using Actors.Cluster.Tests.Programs;
using Actors.Messages.Storage;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>Files of other users in <c>/dev/shm</c> with names of shared memory.</summary>
[SupportedOSPlatform("linux")]
public sealed class SharedMemoryAttackTests : IDisposable
{
    private const string Shared = "/dev/shm";
    private const string OtherUser = "65534";

    private readonly string _name = $"attack-{Guid.NewGuid():N}";

    private string File => Path.Combine(Shared, $"actors-shm-{_name}");

    public void Dispose()
    {
        foreach (var path in Directory.GetFiles(Shared, $"*{_name}*"))
            System.IO.File.Delete(path);
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Name_OfAnotherUsersFile_IsRefusedAndTheFileStays()
    {
        await System.IO.File.WriteAllTextAsync(File, "of another user");
        await RunAsync("chown", OtherUser, File);

        Assert.Throws<IOException>(() => SharedMemory.Create(16, _name));
        var refusal = Assert.Throws<StorageException>(() => SharedMemory.Open(_name));

        Assert.Contains($"belongs to user {OtherUser}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("of another user", await System.IO.File.ReadAllTextAsync(File));
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Name_OfALink_IsRefusedAndItsTargetIsUntouched()
    {
        var (target, missing) = ($"{File}-target", $"{File}-missing");
        await System.IO.File.WriteAllTextAsync(target, "a file of this user");
        foreach (var to in new[] { target, missing })
        {
            System.IO.File.CreateSymbolicLink(File, to);
            await RunAsync("chown", "-h", OtherUser, File);

            Assert.Throws<IOException>(() => SharedMemory.Create(16, _name));
            Assert.ThrowsAny<IOException>(() => SharedMemory.Open(_name));
            System.IO.File.Delete(File);
        }

        Assert.Equal("a file of this user", await System.IO.File.ReadAllTextAsync(target));
        Assert.False(System.IO.File.Exists(missing));
    }

    /// <summary>The file belongs to this user, but another user has given it this name.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Name_OfAHardLinkToAnotherBlock_IsRefused()
    {
        using var other = SharedMemory.Create(16, $"{_name}-other");
        await RunAsync("ln", $"{File}-other", File);

        var refusal = Assert.Throws<StorageException>(() => SharedMemory.Open(_name));

        Assert.Contains("hard link", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A program that opens a named pipe would block.</summary>
    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task LeftFiles_OfAnotherUser_DoNotStopAManager()
    {
        var (pipe, owner, block) = ($"{Shared}/actors-owner-1-{_name}", $"{Shared}/actors-owner-2-{_name}",
            $"{Shared}/actors-shm-2-{_name}-1");
        await RunAsync("mkfifo", pipe);
        await System.IO.File.WriteAllTextAsync(owner, "");
        await System.IO.File.WriteAllTextAsync(block, "");
        await RunAsync("chown", OtherUser, pipe, owner, block);

        await using var manager = await Manager.StartAsync().WaitAsync(Guard.Longest);
        var array = await manager.CreateArrayAsync<int>(new[] { 1, 2, 3 }).WaitAsync(Guard.Longest);

        Assert.Equal([1, 2, 3], array.ToArray());
        Assert.All(new[] { pipe, owner, block }, path => Assert.True(System.IO.File.Exists(path), path));
    }

    /// <summary>There may be any number of them, and an exception for each would take seconds.</summary>
    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task LeftFiles_OfAnotherUser_AreSkippedWithoutExceptions()
    {
        var owner = $"{Shared}/actors-owner-2-{_name}";
        await System.IO.File.WriteAllTextAsync(owner, "");
        await RunAsync("chown", OtherUser, owner);
        var refusals = 0;

        AppDomain.CurrentDomain.FirstChanceException += CountRefusals;
        OwnedMemory.RemoveAbandoned();
        AppDomain.CurrentDomain.FirstChanceException -= CountRefusals;

        Assert.Equal(0, refusals);
        Assert.True(System.IO.File.Exists(owner));

        void CountRefusals(object? sender, FirstChanceExceptionEventArgs thrown) =>
            refusals += thrown.Exception.Message.Contains(_name, StringComparison.Ordinal) ? 1 : 0;
    }

    private static async Task RunAsync(params string[] command)
    {
        await using var program = RoleProcess.Start(command, new Dictionary<string, string>());
        Assert.Equal(0, await program.ExitAsync());
    }
}
