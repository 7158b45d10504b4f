using Actors.Messages;

namespace Actors.Coordinator;

/// <summary>A change that operators should know, published on the event stream. Durable pools have events of their own.</summary>
/// <param name="Subject">The kind of the subject.</param>
/// <param name="Name">The name of the subject.</param>
/// <param name="Change">The change: the rest of a sentence that begins with the subject.</param>
/// <param name="IsProblem">Whether operators may have to act. For durable queues.</param>
public sealed record LogEvent(LogSubject Subject, string Name, string Change, bool IsProblem = false)
{
    /// <summary>The name of the subject, shortened if a client has chosen a very long one.</summary>
    public string Name { get; } = WireLimits.CutName(Name);

    /// <summary>The sentence.</summary>
    public string Text => Subject switch
    {
        LogSubject.Coordinator => $"coordinator {Name} {Change}",
        LogSubject.WorkerNode => $"worker node {Name} {Change}",
        LogSubject.DurableQueue => $"durable queue '{Name}': {Change}",
        _ => Change,
    };
}
