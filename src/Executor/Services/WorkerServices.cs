using Actors.Executor.Functions;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Executor.Services;

/// <summary>
/// The services of a worker: one provider, and one scope for each job that uses it. Only workers of pools with services load its
/// assemblies.
/// </summary>
internal sealed class WorkerServices : IWorkerServices
{
    private readonly ServiceProvider _provider;

    private WorkerServices(ServiceProvider provider) => _provider = provider;

    /// <summary>Calls the function of the pool that adds the services, and builds the provider.</summary>
    /// <param name="definition">The function.</param>
    /// <param name="arguments">Its encoded target.</param>
    public static WorkerServices BuildServices(ReadOnlyMemory<byte> definition, ReadOnlyMemory<byte> arguments)
    {
        var invoker = FunctionInvoker.CreateInvoker(definition);
        var services = new ServiceCollection();
        ((IServed)invoker).Instance = services;
        invoker.Invoke(arguments, CancellationToken.None, new FrameWriter());
        JobLoggers.AddTo(services);
        // Services that only the client uses may be incomplete in a worker, so each is checked when a job needs it.
        return new WorkerServices(services.BuildServiceProvider(validateScopes: true));
    }

    /// <inheritdoc/>
    public IJobScope CreateScope() => new JobScope(_provider.CreateAsyncScope());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private sealed class JobScope(AsyncServiceScope scope) : IJobScope
    {
        public IServiceProvider Services => scope.ServiceProvider;

        public ValueTask DisposeAsync() => scope.DisposeAsync();
    }
}
