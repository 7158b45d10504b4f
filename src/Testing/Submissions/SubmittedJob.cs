using System.Globalization;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;

namespace Actors.Testing;

/// <summary>A job that was submitted to a test pool: a call, or a chunk of a map. Immutable.</summary>
public sealed class SubmittedJob
{
    private const int MostCallsInText = 5;

    private readonly PreparedCall _call;
    private readonly JobPolicy _policy;
    private readonly IObjectChannel? _objects;
    private readonly Lazy<IReadOnlyList<CallArguments>> _calls;

    internal SubmittedJob(long id, PreparedCall call, JobPolicy policy, IObjectChannel? objects)
    {
        (Id, _call, _policy, _objects) = (id, call, policy, objects);
        Definition = FunctionDefinition.FromBytes(call.Function.Definition.Span);
        _calls = new Lazy<IReadOnlyList<CallArguments>>(() => ArgumentDecoder.Decode(Definition, _call.Arguments, _objects));
    }

    /// <summary>Gets the number of the job, as <see cref="JobHandle.Id"/>.</summary>
    public long Id { get; }

    /// <summary>Gets the name of the function.</summary>
    public string Function => _call.Function.Name;

    /// <summary>Gets the calls of the function: one, or one for each item of a chunk. The arguments are copies.</summary>
    public IReadOnlyList<CallArguments> Calls => _calls.Value;

    /// <summary>Gets <see cref="JobOptions.Timeout"/>; null for none.</summary>
    public TimeSpan? Timeout => _policy.TimeoutMilliseconds > 0 ? TimeSpan.FromMilliseconds(_policy.TimeoutMilliseconds) : null;

    /// <summary>Gets the highest number of attempts when workers are lost.</summary>
    public int MaxAttempts => _policy.MaxAttempts;

    /// <summary>Gets <see cref="JobOptions.Priority"/>.</summary>
    public int Priority => _policy.Priority;

    internal FunctionDefinition Definition { get; }

    /// <summary>Returns one line such as <c>job 3: Orders.Charge(7, "paper")</c>.</summary>
    public override string ToString()
    {
        var calls = string.Concat(Calls.Take(MostCallsInText).Select(call => call.ToString()));
        var more = Calls.Count > MostCallsInText ? $" and {Calls.Count - MostCallsInText} more" : "";
        return string.Create(CultureInfo.InvariantCulture, $"job {Id}: {Function}{calls}{more}");
    }
}
