using System.Collections.Immutable;
using Actors.Messages.Bundles;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;

namespace Actors.Messages;

/// <summary>
/// What travels in place of a message that is too large. An answer is replaced by a smaller one of the same type that says what is missing, so that its
/// receiver does not wait for it. A request has no replacement: its sender must learn that it was not sent.
/// </summary>
internal static class OversizedMessages
{
    /// <summary>The replacement; null for a request.</summary>
    /// <param name="message">The message.</param>
    /// <param name="length">How many bytes it takes.</param>
    internal static IWireMessage? Replace(IWireMessage message, long length) => message switch
    {
        NodeProtocol.Done done => done with { Outcomes = Shrink(done.Outcomes) },
        PoolProtocol.Ended ended => ended with { Outcomes = Shrink(ended.Outcomes) },
        PoolProtocol.Failed failed => failed with { Reason = FailureLimits.Fit(failed.Reason) },
        NodeProtocol.ExecutorExited exited => exited with
        {
            NodeName = Cut(exited.NodeName),
            Exit = Shrink(exited.Exit),
            Failure = exited.Failure is { } failure ? FailureLimits.Fit(failure) : null,
        },
        PoolProtocol.ExecutorEnded ended => ended with { Node = Cut(ended.Node), Exit = Shrink(ended.Exit) },
        ObjectReply reply => Shrink(reply, length),
        DurableObjectProtocol.Answer answer => answer with { Reply = Shrink(answer.Reply, length) },
        _ => ReplaceReason(message),
    };

    private static IWireMessage? ReplaceReason(IWireMessage message) => message switch
    {
        PoolProtocol.Refused refused => refused with { Reason = Cut(refused.Reason) },
        PoolProtocol.Interrupted interrupted => interrupted with { Reason = Cut(interrupted.Reason) },
        BundleProtocol.Refused refused => refused with { Reason = Cut(refused.Reason) },
        PayloadProtocol.Refused refused => refused with { Reason = Cut(refused.Reason) },
        DurableObjectProtocol.Interrupted interrupted => interrupted with { Reason = Cut(interrupted.Reason) },
        _ => null,
    };

    /// <summary>Each outcome gets an equal part of what fits into a message.</summary>
    private static ImmutableArray<JobOutcome> Shrink(ImmutableArray<JobOutcome> outcomes)
    {
        var largest = WireLimits.LargestPayload / outcomes.Length;
        return
        [
            .. outcomes.Select(outcome => WireLimits.SizeOf(outcome) <= largest ? outcome
                : outcome.Failure is { } failure ? outcome with { Payload = default, Failure = FailureLimits.Fit(failure, Math.Min(largest, FailureLimits.LargestFailure)) }
                : WireLimits.Refused(outcome)),
        ];
    }

    private static ObjectReply Shrink(ObjectReply reply, long length) => reply with { Status = ObjectStatus.TooLarge, Number = length, Payloads = [] };

    private static ExecutorExit Shrink(ExecutorExit exit) => exit with { LastOutput = Cut(exit.LastOutput) };

    private static string Cut(string text) => FailureLimits.Cut(text)!;
}
