using System.Collections.Immutable;

namespace Actors.Logging;

/// <summary>
/// The messages of this library to the operator of the program. They go to standard error, or to the logs that hosts have added. Waits only
/// briefly for a reader that has stopped. Thread-safe.
/// </summary>
internal static class ClientLog
{
    private static ImmutableArray<Action<ClientMessage>> _receivers = [];

    /// <summary>Adds a log that receives all messages. While there is one, nothing is written to standard error.</summary>
    public static void AddReceiver(Action<ClientMessage> receiver) =>
        ImmutableInterlocked.Update(ref _receivers, static (all, added) => all.Add(added), receiver);

    /// <summary>Removes a log.</summary>
    public static void RemoveReceiver(Action<ClientMessage> receiver) =>
        ImmutableInterlocked.Update(ref _receivers, static (all, removed) => all.Remove(removed), receiver);

    /// <summary>Writes a message behind the earlier ones; returns when it is written, or after a second.</summary>
    public static Task WriteAsync(ClientMessage message) => StandardError.RunInOrderAsync(() => DeliverMessage(message));

    /// <summary>Blocking form of <see cref="WriteAsync"/>.</summary>
    public static void Write(ClientMessage message) => Task.Run(() => WriteAsync(message)).GetAwaiter().GetResult();

    private static void DeliverMessage(ClientMessage message)
    {
        var receivers = _receivers;
        if (receivers.IsEmpty)
            Console.Error.WriteLine(message.Line);
        foreach (var receive in receivers)
            receive(message);
    }
}
