namespace Actors.EndToEnd.Tests;

/// <summary>A pool with a name, services and one worker, which several test classes share. Tests may end its worker.</summary>
[CollectionDefinition(Name)]
public sealed class ContextPool : IAsyncLifetime, ICollectionFixture<ContextPool>
{
    public const string Name = "context";

    public ProcessPool Pool { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Pool = await ProcessPool.StartAsync(
        1, options: new PoolOptions { Name = Name, Services = ServiceTests.ConfigureServices });

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Pool.DisposeAsync();
}
