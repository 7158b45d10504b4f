using System.Globalization;

namespace Actors.Testing;

/// <content>Assertions about submitted jobs.</content>
public sealed partial class TestPool
{
    /// <summary>Gets the jobs that were submitted so far, in order. Each chunk of a map is a job.</summary>
    public IReadOnlyList<SubmittedJob> Submitted => _log.Jobs;

    /// <summary>Throws unless a call of the function was submitted.</summary>
    /// <param name="function">The function, as it is submitted. A lambda is recognized only by the same delegate.</param>
    /// <param name="where">The condition on the arguments; null accepts all. Items of maps count as calls.</param>
    /// <param name="times">The exact number of such calls; null for at least one.</param>
    /// <exception cref="PoolAssertionException">The number differs. The message lists the submitted jobs.</exception>
    public void AssertSubmitted(Delegate function, Func<CallArguments, bool>? where = null, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        var calls = FindCalls(function).Count(call => where is null || where(call));
        if (times is { } exact ? calls == exact : calls > 0)
            return;
        var expected = times is { } wanted ? string.Create(CultureInfo.InvariantCulture, $"{wanted}") : "at least one";
        var condition = where is null ? "" : " with the given arguments";
        throw new PoolAssertionException(
            $"Expected {expected} call of {NameOf(function)}{condition}, but {calls} were submitted.{DescribeSubmitted()}");
    }

    /// <inheritdoc cref="AssertSubmitted(Delegate, Func{CallArguments, bool}?, int?)"/>
    public void AssertSubmitted<T1>(Delegate function, Func<T1, bool> where, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(where);
        AssertSubmitted(function, call => call.Count == 1 && where(call.Get<T1>(0)), times);
    }

    /// <inheritdoc cref="AssertSubmitted(Delegate, Func{CallArguments, bool}?, int?)"/>
    public void AssertSubmitted<T1, T2>(Delegate function, Func<T1, T2, bool> where, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(where);
        AssertSubmitted(function, call => call.Count == 2 && where(call.Get<T1>(0), call.Get<T2>(1)), times);
    }

    /// <inheritdoc cref="AssertSubmitted(Delegate, Func{CallArguments, bool}?, int?)"/>
    public void AssertSubmitted<T1, T2, T3>(Delegate function, Func<T1, T2, T3, bool> where, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(where);
        AssertSubmitted(
            function, call => call.Count == 3 && where(call.Get<T1>(0), call.Get<T2>(1), call.Get<T3>(2)), times);
    }

    /// <summary>Throws if any job was submitted.</summary>
    /// <exception cref="PoolAssertionException">Jobs were submitted. The message lists them.</exception>
    public void AssertNothingSubmitted()
    {
        if (Submitted.Count > 0)
            throw new PoolAssertionException($"Expected no submitted job.{DescribeSubmitted()}");
    }

    private IEnumerable<CallArguments> FindCalls(Delegate function) => Submitted
        .Where(job => FunctionMatch.IsFunction(function.Method, job.Definition))
        .SelectMany(job => job.Calls);

    private string DescribeSubmitted()
    {
        var jobs = Submitted;
        var list = jobs.Count == 0 ? " Nothing was submitted." : $" Submitted:{string.Concat(jobs.Select(job => $"\n  {job}"))}";
        return Plan is null ? list : $"{list}\n{Plan.Describe()}";
    }

    private static string NameOf(Delegate function) => Messages.Functions.FunctionNames.GetName(function.Method);
}
