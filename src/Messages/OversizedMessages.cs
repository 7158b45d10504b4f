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
/// Creates the messages that replace those that are too large for the wire. A reply is replaced by a smaller one of the same type that
/// describes the loss, so that its receiver does not wait for it. A request has no replacement: its sender must learn that it was not sent.
/// </summary>
public static class OversizedMessages
{
    /// <summary>Creates the replacement of a message; null for a request.</summary>
    /// <param name="message">The message.</param>
    /// <param name="length">The length of the encoded message in bytes.</param>
    public static IWireMessage? CreateReplacement(IWireMessage message, long length) => message switch
    {
        NodeProtocol.JobsDone done => done with { Outcomes = ShrinkContents(done.Outcomes) },
        PoolProtocol.JobsEnded ended => ended with { Outcomes = ShrinkContents(ended.Outcomes) },
        PoolProtocol.PoolFailed failed => failed with { Reason = FailureLimits.FitFailure(failed.Reason) },
        NodeProtocol.ExecutorExited exited => exited with
        {
            NodeName = CutText(exited.NodeName),
            Exit = ShrinkContents(exited.Exit),
            Failure = exited.Failure is { } failure ? FailureLimits.FitFailure(failure) : null,
        },
        PoolProtocol.WorkerEnded ended => ended with { Node = CutText(ended.Node), Exit = ShrinkContents(ended.Exit) },
        ObjectReply reply => ShrinkContents(reply, length),
        DurableObjectProtocol.DurableObjectReply answer => answer with { Reply = ShrinkContents(answer.Reply, length) },
        _ => ReplaceReason(message),
    };

    private static IWireMessage? ReplaceReason(IWireMessage message) => message switch
    {
        PoolProtocol.PoolRefused refused => refused with { Reason = CutText(refused.Reason) },
        PoolProtocol.PoolInterrupted interrupted => interrupted with { Reason = CutText(interrupted.Reason) },
        BundleProtocol.BundleRefused refused => refused with { Reason = CutText(refused.Reason) },
        PayloadProtocol.PayloadRefused refused => refused with { Reason = CutText(refused.Reason) },
        DurableObjectProtocol.DurableObjectInterrupted interrupted => interrupted with { Reason = CutText(interrupted.Reason) },
        _ => null,
    };

    /// <summary>Gives each outcome an equal share of the largest message.</summary>
    private static ImmutableArray<JobOutcome> ShrinkContents(ImmutableArray<JobOutcome> outcomes)
    {
        var largest = WireLimits.LargestPayload / outcomes.Length;
        return
        [
            .. outcomes.Select(outcome => WireLimits.SizeOf(outcome) <= largest ? outcome
                : outcome.Failure is { } failure ? outcome with { Payload = default, Failure = FailureLimits.FitFailure(
                    failure, Math.Min(largest, FailureLimits.LargestFailure)) }
                : WireLimits.ReplaceResult(outcome)),
        ];
    }

    private static ObjectReply ShrinkContents(ObjectReply reply, long length) =>
        reply with { Status = ObjectStatus.TooLarge, Number = length, Payloads = [] };

    private static ExecutorExit ShrinkContents(ExecutorExit exit) => exit with { LastOutput = CutText(exit.LastOutput) };

    private static string CutText(string text) => FailureLimits.CutText(text)!;
}
