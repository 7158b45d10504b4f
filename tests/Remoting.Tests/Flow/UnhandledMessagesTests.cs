using System.Text;
using Actors.Remoting.Flow;

namespace Actors.Remoting.Tests.Flow;

public sealed class UnhandledMessagesTests
{
    private const int Message = 10_000 - UnhandledMessages.MessageOverhead;

    private readonly UnhandledMessages _messages = new(100_000);

    [Fact]
    public void Add_MessagesForSeveralActors_EachGetsAMarker()
    {
        for (var message = 0; message < 3; message++)
        {
            _messages.Add("/user/a"u8, Message);
            _messages.Add("/user/b"u8, Message);
        }

        var markers = _messages.TakeDueMarkers();

        Assert.Equal(["/user/a", "/user/b"], Names(markers));
        Assert.Null(_messages.TakeDueMarkers());
    }

    [Fact]
    public void OnHandled_OneOfTwoActors_StillFull()
    {
        Fill("/user/a", 6);
        Fill("/user/b", 6);
        var markers = _messages.TakeDueMarkers()!;
        Assert.True(_messages.IsFull);

        _messages.OnHandled(markers.Number);
        Assert.True(_messages.IsFull);
        _messages.OnHandled(markers.Number);
        Assert.False(_messages.IsFull);
    }

    [Fact]
    public void OnHandled_MessagesArrivedMeanwhile_TheirActorsGetTheNextMarkers()
    {
        Fill("/user/a", 6);
        var first = _messages.TakeDueMarkers()!;
        Fill("/user/a", 5);
        Fill("/user/b", 5);
        Assert.True(_messages.IsFull);

        _messages.OnHandled(first.Number);

        Assert.Equal(["/user/a", "/user/b"], Names(_messages.TakeDueMarkers()));
    }

    [Fact]
    public void Add_SameActor_AllocatesNothing()
    {
        var messages = new UnhandledMessages(long.MaxValue);
        messages.Add("/user/a"u8, 1);
        messages.Add("/user/b"u8, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var message = 0; message < 1000; message++)
        {
            messages.Add("/user/a"u8, 1);
            messages.Add("/user/b"u8, 1);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static IEnumerable<string> Names(UnhandledMessages.Markers? markers) =>
        markers!.Recipients.Select(recipient => Encoding.UTF8.GetString(recipient)).Order();

    private void Fill(string actor, int messages)
    {
        for (var message = 0; message < messages; message++)
            _messages.Add(Encoding.UTF8.GetBytes(actor), Message);
    }
}
