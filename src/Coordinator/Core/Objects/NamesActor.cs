using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Routes requests about the names of managed objects: to this coordinator's objects, or, where there are several coordinators, to the
/// owner of the name. A message to a name at a lost coordinator is lost too, so it is repeated; names apply a repeated message once.
/// </summary>
public sealed class NamesActor : HandlerActor
{
    private const int Attempts = 10;

    /// <summary>
    /// The number of searches of a client that may wait, within its limit of waiting calls: the actor of the name, and questions to all
    /// coordinators, take much more memory than a call.
    /// </summary>
    private const int MaxSearches = 1000;

    private static readonly TimeSpan AnswerTimeout = ProtocolTimes.NameSearch;

    private readonly IActorRef? _shards;

    /// <param name="objects">The managed objects of this coordinator.</param>
    /// <param name="shards">The region of all names. Null if there are no other coordinators.</param>
    public NamesActor(IActorRef objects, IActorRef? shards)
    {
        _shards = shards;
        Receive<ObjectProtocol.INameRequest>(
            request => request.IsLocalOnly && !IsFromCoordinator(), request => RefusedMessages.ReportCurrent(Context, request));
        // No object has a name that is too long, so it needs no owner.
        Receive<ObjectProtocol.INameRequest>(
            request => request.IsLocalOnly || shards is null || request.Name.Length > ObjectProtocol.LongestName, objects.Forward);
        Receive<ObjectProtocol.INameRequest>(AskOwner);
        Receive<NameFound>(found => SendAnswer(found.Reply));
        Receive<Status.Failure>(failure => Sender.Tell(failure));
    }

    /// <summary>Whether this coordinator or another one sent the current message.</summary>
    private bool IsFromCoordinator() => Sender.IsLocal()
        || ProvenLinks.GetLinks(Context.System).FindRole(HostPort.FromAddress(Sender.Path.Address)) == LinkRole.Coordinator;

    private void AskOwner(ObjectProtocol.INameRequest request)
    {
        var usage = ClientUsages.FindUsage(Context.System, Sender);
        if (usage?.TryAdd(ClientResource.WaitingCalls, CountCalls(usage)) == false)
            Sender.Tell(new Status.Failure(new ClientLimitException(usage.FormatRefusal(ClientResource.WaitingCalls))));
        else
            AskOwnerAsync(request, usage).PipeTo(Self, Sender, reply => new NameFound(reply));
    }

    /// <summary>Sends an answer, which came from another process and so refers to no stored proxy.</summary>
    private void SendAnswer(ObjectProtocol.NamedObjectReply reply)
    {
        if (AnswerReceipts.TrySend(Context.System, Sender, reply, ObjectSizes.MessageOverhead + reply.Proxy.Length, Self))
            return;
        var reason = ClientUsages.FormatRefusal(Context.System, Sender, ClientResource.UnreadAnswers);
        Sender.Tell(new Status.Failure(new ClientLimitException(reason)));
    }

    /// <summary>Gets the number of waiting calls as which a search counts.</summary>
    private static long CountCalls(ClientUsage usage) => Math.Max(1, usage.GetLimit(ClientResource.WaitingCalls) / MaxSearches);

    private async Task<ObjectProtocol.NamedObjectReply> AskOwnerAsync(ObjectProtocol.INameRequest request, ClientUsage? usage)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await _shards!.Ask<ObjectProtocol.NamedObjectReply>(request, AnswerTimeout).ConfigureAwait(false);
                }
                catch (AskTimeoutException) when (attempt < Attempts)
                {
                    // The name moves to another coordinator.
                }
            }
        }
        finally
        {
            usage?.Add(ClientResource.WaitingCalls, -CountCalls(usage));
        }
    }

    private sealed record NameFound(ObjectProtocol.NamedObjectReply Reply);
}
