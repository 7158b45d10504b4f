using Actors.Messages.Functions;
using Actors.Messages.Pools;

namespace Actors;

/// <content>Services of the workers.</content>
public partial class ProcessPool
{
    /// <summary>Returns the calls of functions with a service of the worker, such as <c>pool.With&lt;Renderer&gt;()</c>.</summary>
    /// <typeparam name="TService">The type that <see cref="PoolOptions.Services"/> adds.</typeparam>
    /// <exception cref="InvalidOperationException">The pool was started without <see cref="PoolOptions.Services"/>.</exception>
    public ServiceJobs<TService> With<TService>()
        where TService : notnull => _options.Services is not null
        ? new ServiceJobs<TService>(this)
        : throw new InvalidOperationException(
            $"The workers of this pool have no services, such as {typeof(TService)}: set {nameof(PoolOptions)}."
            + $"{nameof(PoolOptions.Services)} when you start the pool.");

    private static PoolSpec AddServices(PoolSpec spec, PoolOptions options)
    {
        if (options.Services is null)
            return spec;
        var call = CallEncoder.PrepareInstanceCall(options.Services);
        return spec with { Services = call.Function, ServicesArguments = call.Arguments };
    }
}
