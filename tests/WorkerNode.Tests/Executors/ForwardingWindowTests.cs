using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary><see cref="ForwardingWindow"/>: the receiving thread waits for the coordinator, and for nothing else.</summary>
public sealed class ForwardingWindowTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<long> _markers = [];
    private readonly SemaphoreSlim _sent = new(0);
    private readonly ForwardingWindow _window;

    public ForwardingWindowTests() => _window = new ForwardingWindow(marker =>
    {
        lock (_markers)
            _markers.Add(marker);
        _sent.Release();
    });

    public void Dispose()
    {
        _window.Dispose();
        _sent.Dispose();
    }

    [Fact]
    public void AddMessage_FewMessages_SendsNoMarker()
    {
        for (var message = 0; message < 200; message++)
            _window.AddMessage(0);
        _window.WaitForRoom();
        Assert.Empty(_markers);
    }

    [Fact]
    public async Task WaitForRoom_WindowIsFull_WaitsForTheMarker()
    {
        _window.AddMessage(ForwardingWindow.Size);
        var waiting = Task.Run(_window.WaitForRoom);
        Assert.True(await _sent.WaitAsync(Patience));
        Assert.False(waiting.IsCompleted);

        _window.OnHandled(_markers[0]);
        await waiting.WaitAsync(Patience);
        // The room is that of the handled messages.
        _window.AddMessage(ForwardingWindow.Size);
        Assert.NotEqual(_markers[0], _markers[^1]);
    }

    /// <summary>The answer to the first marker frees the first half, and the next marker is sent.</summary>
    [Fact]
    public void OnHandled_MessagesWereAdded_SendsTheNextMarker()
    {
        _window.AddMessage((ForwardingWindow.Size / 2) + 1);
        _window.AddMessage((ForwardingWindow.Size / 2) + 1);
        Assert.Single(_markers);

        _window.OnHandled(_markers[0]);
        Assert.Equal([0, 1], _markers.Select(marker => marker > _markers[0] ? 1 : 0));
    }

    [Fact]
    public async Task WaitForRoom_MarkerIsLost_SendsItAgain()
    {
        _window.AddMessage(ForwardingWindow.Size);
        var waiting = Task.Run(_window.WaitForRoom);
        Assert.True(await _sent.WaitAsync(Patience));
        Assert.True(await _sent.WaitAsync(Patience));
        _window.OnHandled(_markers[^1]);
        await waiting.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task OnHandled_UnknownMarker_FreesNothing(long marker)
    {
        _window.AddMessage(ForwardingWindow.Size);
        _window.OnHandled(marker);
        var waiting = Task.Run(_window.WaitForRoom);
        Assert.True(await _sent.WaitAsync(Patience));
        Assert.False(waiting.IsCompleted);
        _window.Dispose();
        await waiting.WaitAsync(Patience);
    }
}
