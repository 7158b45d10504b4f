using System.Reflection;
using System.Reflection.Emit;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Objects are opened by name with a type of the same name from another assembly.</summary>
public sealed class SameNameTests : IDisposable
{
    private static readonly Type Order = Made("One", typeof(int), typeof(string));
    private static readonly Type OtherOrder = Made("Other", typeof(string), typeof(int));

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task OpenQueue_TypeOfSameNameWithOtherFields_IsRefused()
    {
        await using var manager = await Manager.StartAsync();
        await Open(manager, Order).Soon();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Open(manager, OtherOrder).Soon());

        Assert.Contains(
            "'orders' is a Actors.ManagedQueue<Shop.Order> of another program, in which the type has other fields",
            refusal.Message,
            StringComparison.Ordinal);
        await Open(manager, Made("Third", typeof(int), typeof(string))).Soon();
    }

    [Fact]
    public async Task Namespace_ReadAsTypeOfSameNameWithOtherFields_IsRefused()
    {
        await using var manager = await Manager.StartAsync();
        var shared = await manager.CreateNamespaceAsync();
        Call(shared, nameof(ManagedNamespace.Set), Order, "order", Activator.CreateInstance(Order)!);

        var refusal = Assert.Throws<TargetInvocationException>(
            () => Call(shared, nameof(ManagedNamespace.Get), OtherOrder, "order")).InnerException;

        Assert.Contains(
            "'order' was set as a Shop.Order of another program",
            Assert.IsType<InvalidCastException>(refusal).Message,
            StringComparison.Ordinal);
        Assert.IsType(Order, Call(shared, nameof(ManagedNamespace.Get), Order, "order"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private Task Open(Manager manager, Type item) =>
        (Task)typeof(Manager).GetMethod(nameof(Manager.OpenQueueAsync))!.MakeGenericMethod(item).Invoke(
        manager,
        ["orders", new DurableQueueOptions { Store = new SqliteStore(Path.Combine(_folder.Path, "queues.db")) }, CancellationToken.None])!;

    private static object? Call(ManagedNamespace shared, string method, Type type, params object[] arguments) =>
        typeof(ManagedNamespace).GetMethod(method)!.MakeGenericMethod(type).Invoke(shared, arguments);

    private static Type Made(string assembly, params Type[] fields)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(assembly), AssemblyBuilderAccess.Run)
            .DefineDynamicModule(assembly).DefineType("Shop.Order", TypeAttributes.Public | TypeAttributes.Class);
        for (var i = 0; i < fields.Length; i++)
            type.DefineField($"f{i}", fields[i], FieldAttributes.Public);
        return type.CreateType();
    }
}
