using Actors.Logging;
using Actors.Testing;

namespace Actors.Client.Tests.Logging;

/// <summary>The destination of messages: standard error, or the logs that were added.</summary>
[Collection(RunsAlone.Name)]
public sealed class ClientLogTests
{
    private static readonly ClientMessage Message = new(
        ClientEvent.CallbackFailed, "a callback threw.", new InvalidOperationException("deaf"));

    [Fact]
    public async Task WriteAsync_NoReceiver_WritesTextAndExceptionToStandardError()
    {
        var said = await CaptureErrorAsync(() => ClientLog.WriteAsync(Message));

        Assert.StartsWith("a callback threw. System.InvalidOperationException: deaf", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_TwoReceivers_BothGetTheMessageAndStandardErrorNone()
    {
        var (first, second) = (new List<ClientMessage>(), new List<ClientMessage>());
        ClientLog.AddReceiver(first.Add);
        ClientLog.AddReceiver(second.Add);
        try
        {
            Assert.Empty(await CaptureErrorAsync(() => ClientLog.WriteAsync(Message)));
        }
        finally
        {
            ClientLog.RemoveReceiver(first.Add);
            ClientLog.RemoveReceiver(second.Add);
        }

        Assert.Equal([Message], first);
        Assert.Equal([Message], second);
    }

    [Fact]
    public async Task WriteAsync_ReceiverWasRemoved_WritesToStandardErrorAgain()
    {
        var received = new List<ClientMessage>();
        ClientLog.AddReceiver(received.Add);
        ClientLog.RemoveReceiver(received.Add);

        Assert.NotEmpty(await CaptureErrorAsync(() => ClientLog.WriteAsync(Message)));
        Assert.Empty(received);
    }

    [Fact]
    public async Task WriteAsync_ReceiverThrows_LaterMessagesArrive()
    {
        Action<ClientMessage> receiver = _ => throw new InvalidOperationException("disk full");
        ClientLog.AddReceiver(receiver);
        try
        {
            await ClientLog.WriteAsync(Message);
        }
        finally
        {
            ClientLog.RemoveReceiver(receiver);
        }

        Assert.NotEmpty(await CaptureErrorAsync(() => ClientLog.WriteAsync(Message)));
    }

    private static async Task<string> CaptureErrorAsync(Func<Task> write)
    {
        var error = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            await write();
        }
        finally
        {
            Console.SetError(error);
        }

        return said.ToString();
    }
}
