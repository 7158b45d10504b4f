using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Creates the commands of a durable object, in the form in which they are stored.</summary>
public static class DurableCommands
{
    /// <summary>Creates the command of a call.</summary>
    public static ObjectCommand FromCall(DurableObjectProtocol.CallDurableObject ask, long at) => new(
        at, ObjectCommandKind.Call, ask.Caller, ask.Call.Call, ask.Settled, ask.Call.Operation, ask.Call.TimeoutMilliseconds,
        ask.Call.Number, ask.Call.Payloads);

    /// <summary>Gets the approximate size of a command in bytes.</summary>
    public static long SizeOf(ObjectCommand command) => 80 + Messages.WireLimits.SizeOf(command.Payloads);
}
