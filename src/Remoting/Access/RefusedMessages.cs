using Akka.Actor;
using Akka.Event;

namespace Actors.Remoting.Access;

/// <summary>Published on the event stream: an actor dropped a message whose sender is not its peer.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">The sender that the message names.</param>
/// <param name="Receiver">The actor that dropped it.</param>
public sealed record MessageRefused(object Message, IActorRef Sender, IActorRef Receiver);

/// <summary>
/// Logs the refused messages of an actor system. A peer can send any number of them, so at most one line is logged in each interval, with
/// the total count. Thread-safe.
/// </summary>
public sealed class RefusedMessages : IExtension
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system;
    private readonly Lock _counting = new();
    private TimeSpan? _lastLogged;
    private long _count;

    private RefusedMessages(ActorSystem system) => _system = system;

    /// <summary>Reports that the current actor dropped the current message.</summary>
    public static void ReportCurrent(IActorContext context, object message) =>
        ReportRefused(context.System, new MessageRefused(message, context.Sender, context.Self));

    /// <summary>Reports that a message was dropped.</summary>
    public static void ReportRefused(ActorSystem system, MessageRefused refused) =>
        system.WithExtension<RefusedMessages, Provider>().LogRefused(refused);

    private void LogRefused(MessageRefused refused)
    {
        _system.EventStream.Publish(refused);
        lock (_counting)
        {
            _count++;
            var now = _system.Scheduler.MonotonicClock;
            if (_lastLogged is { } last && now - last < Interval)
                return;
            _lastLogged = now;
            _system.Log.Error(
                "Refused {0} from {1}: it is not the peer of this session. Messages refused so far: {2}.",
                refused.Message.GetType().Name, refused.Sender.Path, _count);
        }
    }

    private sealed class Provider : ExtensionIdProvider<RefusedMessages>
    {
        public override RefusedMessages CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
