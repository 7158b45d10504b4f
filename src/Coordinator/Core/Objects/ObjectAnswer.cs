using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>A process that calls a managed object, numbered by the object.</summary>
public readonly record struct Caller(int Number);

/// <summary>An answer to one call.</summary>
public readonly record struct ObjectAnswer(Caller Caller, ObjectReply Reply);

/// <summary>Extensions that add answers.</summary>
public static class ObjectAnswers
{
    /// <summary>Answers a call.</summary>
    public static void AddReply<TRequest, TReply>(this List<ObjectAnswer> answers, Caller caller, TypedCall<TRequest> call, TReply reply)
        where TRequest : struct, IObjectRequest<TRequest, TReply>
        where TReply : struct, IObjectReply<TReply> =>
        answers.Add(new ObjectAnswer(caller, call.CreateReply(reply)));

    /// <summary>Answers a call that has waited, with the reply of its operation.</summary>
    public static void AddReply<TReply>(this List<ObjectAnswer> answers, WaitingCall waiting, TReply reply)
        where TReply : struct, IObjectReply<TReply> =>
        answers.Add(new ObjectAnswer(waiting.Caller, reply.ToEnvelope(waiting.Call.Call)));

    /// <summary>Answers a call without data.</summary>
    public static void AddStatus<TRequest>(
        this List<ObjectAnswer> answers, Caller caller, TypedCall<TRequest> call, ObjectStatus status)
        where TRequest : struct, IObjectRequest<TRequest> =>
        answers.AddStatus(caller, call.Envelope, status);

    /// <summary>Answers a call that has waited, without data.</summary>
    public static void AddStatus(this List<ObjectAnswer> answers, WaitingCall waiting, ObjectStatus status) =>
        answers.AddStatus(waiting.Caller, waiting.Call, status);

    /// <summary>Answers a call without data.</summary>
    public static void AddStatus(this List<ObjectAnswer> answers, Caller caller, ObjectCall call, ObjectStatus status) =>
        answers.Add(new ObjectAnswer(caller, ObjectReply.WithStatus(call.Call, status)));

    /// <summary>Refuses a call with a reason, as a message for users.</summary>
    public static void AddRefusal(this List<ObjectAnswer> answers, Caller caller, ObjectCall call, ObjectStatus status, string reason) =>
        answers.Add(new ObjectAnswer(caller, ObjectReply.WithReason(call.Call, status, reason)));
}
