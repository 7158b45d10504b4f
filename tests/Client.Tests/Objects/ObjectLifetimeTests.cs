using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Client.Tests.Objects;

/// <summary>Python's proxies count references too; but a client that is killed never gives its own back.</summary>
public sealed class ObjectLifetimeTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Object_LastProxyCollected_IsRemoved()
    {
        await using var objects = new LocalObjects(Grace);
        var id = await MakeAndUseAsync(objects);
        var waiting = objects.Channel.CallAsync(id, ObjectOperation.Get, -1, 1, [], default).AsTask();

        Collect();

        Assert.Equal(ObjectStatus.NoSuchObject, (await waiting.WaitAsync(Patience)).Status);
    }

    [Fact]
    public async Task Object_ReferencedByAnother_SurvivesItsLastProxy()
    {
        await using var objects = new LocalObjects(Grace);
        var outer = await objects.QueueAsync<ManagedQueue<int>>();
        await PutInnerAsync(objects, outer);
        var gone = await MakeAndUseAsync(objects);
        var waiting = objects.Channel.CallAsync(gone, ObjectOperation.Get, -1, 1, [], default).AsTask();

        Collect();

        // By then the inner one would have gone as well.
        await waiting.WaitAsync(Patience);
        Assert.Equal(7, (await outer.GetAsync()).Get());
        GC.KeepAlive(outer);
    }

    // The proxies are made in methods that have returned before the collection: a debug build keeps the locals of running methods alive.
    private static async Task<ObjectId> MakeAndUseAsync(LocalObjects objects)
    {
        var id = await objects.MakeAsync(ObjectKind.Queue, 0);
        await Task.Run(() => Use(new ManagedQueue<int>(new ObjectProxy(id, objects.Channel))));
        return id;
    }

    private static void Use(ManagedQueue<int> queue)
    {
        queue.Put(1);
        Assert.Equal(1, queue.Get());
    }

    private static async Task PutInnerAsync(LocalObjects objects, ManagedQueue<ManagedQueue<int>> outer)
    {
        var id = await objects.MakeAsync(ObjectKind.Queue, 0);
        await Task.Run(() => PutInner(new ManagedQueue<int>(new ObjectProxy(id, objects.Channel)), outer));
    }

    private static void PutInner(ManagedQueue<int> inner, ManagedQueue<ManagedQueue<int>> outer)
    {
        inner.Put(7);
        outer.Put(inner);
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
