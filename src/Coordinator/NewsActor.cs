using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>Prints what an operator wants to know.</summary>
internal sealed class NewsActor : ReceiveActor
{
    public NewsActor() => Receive<DurableNews>(news => Console.WriteLine(news.Text));

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DurableNews));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
