using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>What is said to a durable object, as it is written down.</summary>
internal static class DurableCommands
{
    /// <summary>A call.</summary>
    public static ObjectCommand FromCall(DurableObjectProtocol.CallDurableObject ask, long at) => new(
        at, ObjectCommandKind.Call, ask.Caller, ask.Call.Call, ask.Settled, ask.Call.Operation, ask.Call.TimeoutMilliseconds, ask.Call.Number, ask.Call.Payloads);

    /// <summary>About how many bytes it takes.</summary>
    public static long SizeOf(ObjectCommand command) => 80 + Messages.WireLimits.SizeOf(command.Payloads);
}
