using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

/// <summary>
/// A function with its arguments that runs in every worker of a pool before its first job, or in every process of a manager. Immutable.
/// </summary>
public sealed class PoolInitializer
{
    internal PoolInitializer(PreparedCall call)
    {
        if (JobReports.FromCall(call, callbacks: null) is not null)
        {
            throw new NotCarriedException(
                $"An initializer ({call.Function.Name}) cannot report progress, because it is not a job. Remove its IProgress<T>, or "
                + "report from a job.");
        }

        Call = call;
    }

    internal PreparedCall Call { get; }

    /// <summary>Creates an initializer from a function without arguments.</summary>
    public static PoolInitializer Of(Action function) => new(CallEncoder.PrepareCall(function));

    /// <summary>Creates an initializer from a function and its argument.</summary>
    public static PoolInitializer Of<T1>(Action<T1> function, T1 argument1) => new(CallEncoder.PrepareCall(function, argument1));

    /// <summary>Creates an initializer from a function and its arguments.</summary>
    public static PoolInitializer Of<T1, T2>(Action<T1, T2> function, T1 argument1, T2 argument2) =>
        new(CallEncoder.PrepareCall(function, argument1, argument2));

    /// <summary>Creates an initializer from a function and its arguments.</summary>
    public static PoolInitializer Of<T1, T2, T3>(Action<T1, T2, T3> function, T1 argument1, T2 argument2, T3 argument3) =>
        new(CallEncoder.PrepareCall(function, argument1, argument2, argument3));
}
