using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>A process that calls a managed object, numbered by the object.</summary>
internal readonly record struct Caller(int Number);

/// <summary>An answer to one call.</summary>
internal readonly record struct ObjectAnswer(Caller Caller, ObjectReply Reply);

/// <summary>Extensions that add answers.</summary>
internal static class ObjectAnswers
{
    /// <summary>Answers a call without a value.</summary>
    public static void AddReply(this List<ObjectAnswer> answers, Caller caller, ObjectCall call, ObjectStatus status, long number = 0) =>
        answers.AddReply(caller, call, status, number, []);

    /// <summary>Answers a call.</summary>
    public static void AddReply(
        this List<ObjectAnswer> answers, Caller caller, ObjectCall call, ObjectStatus status, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        answers.Add(new ObjectAnswer(caller, new ObjectReply(call.Call, status, number, payloads)));
}
