using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>Short words for adding an answer to the list of effects.</summary>
internal static class Replies
{
    /// <summary>Answers a call with a status and, where the operation has one, a number.</summary>
    internal static void Answer(this List<ObjectAnswer> answers, CallKey key, ObjectStatus status, long number = 0) =>
        answers.Answer(key, status, number, []);

    /// <summary>Answers a call with values.</summary>
    internal static void Answer(
        this List<ObjectAnswer> answers, CallKey key, ObjectStatus status, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        answers.Add(new ObjectAnswer(key.Caller, new ObjectReply(key.Call, status, number, payloads)));
}
