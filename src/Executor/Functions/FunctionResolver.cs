using System.Reflection;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>A function of this process.</summary>
/// <param name="Method">The method with its generic arguments.</param>
/// <param name="Parameters">The types of the parameters, without the target.</param>
/// <param name="Returned">The return type, including a task.</param>
/// <param name="Target">The type of the serialized target; null for none.</param>
internal sealed record ResolvedFunction(MethodInfo Method, Type[] Parameters, Type Returned, Type? Target);

/// <summary>Finds the method that a definition names. It must be part of the same build and of the code of the user.</summary>
internal static class FunctionResolver
{
    /// <summary>Finds the method.</summary>
    /// <exception cref="FunctionNotFoundException">The function does not exist in this process, or jobs may not call it.</exception>
    internal static ResolvedFunction ResolveFunction(FunctionDefinition definition)
    {
        try
        {
            var method = FindMethod(definition);
            var target = definition.Target?.ResolveType();
            var (parameters, returned) = SignatureOf(definition, method, target);
            return new ResolvedFunction(method, parameters, returned, target);
        }
        catch (Exception e) when (e is not FunctionNotFoundException)
        {
            throw new FunctionNotFoundException(
                $"The worker cannot find the function in the assembly {definition.Assembly}: {e.Message}", e);
        }
    }

    /// <summary>Finds the type whose constructor a definition names.</summary>
    /// <exception cref="FunctionNotFoundException">The function does not exist in this process, or jobs may not call it.</exception>
    internal static Type ResolveTarget(FunctionDefinition definition)
    {
        var type = definition.Target?.ResolveType();
        return type is not null && type.Module == ModuleOf(definition)
            ? type
            : throw new FunctionNotFoundException(
                $"A job cannot create a {type?.FullName ?? "type without a name"}, only types of its own code.");
    }

    private static Module ModuleOf(FunctionDefinition definition)
    {
        if (!AssemblyNames.IsUser(definition.Assembly))
        {
            throw new FunctionNotFoundException(
                $"A job cannot call a function of {definition.Assembly} directly. Wrap it in a function of your own code.");
        }

        var assembly = Assembly.Load(new AssemblyName { Name = definition.Assembly });
        var module = assembly.ManifestModule;
        if (module.ModuleVersionId != definition.ModuleVersion || !FrameworkAssemblies.IsUserAssembly(assembly))
        {
            throw new FunctionNotFoundException(
                $"The assembly {definition.Assembly} of this process ({assembly.Location}) is another build than that of the caller. "
                + "Give workers and client the same files.");
        }

        return module;
    }

    private static MethodInfo FindMethod(FunctionDefinition definition)
    {
        var open = (MethodInfo)ModuleOf(definition).ResolveMethod(definition.MethodToken)!;
        var declaring = open.DeclaringType!;
        if (!definition.DeclaringArguments.IsEmpty)
        {
            var closed = declaring.MakeGenericType([.. definition.DeclaringArguments.Select(argument => argument.ResolveType())]);
            open = (MethodInfo)MethodBase.GetMethodFromHandle(open.MethodHandle, closed.TypeHandle)!;
        }

        return definition.MethodArguments.IsEmpty
            ? open
            : open.MakeGenericMethod([.. definition.MethodArguments.Select(argument => argument.ResolveType())]);
    }

    private static (Type[] Parameters, Type Returned) SignatureOf(FunctionDefinition definition, MethodInfo method, Type? target)
    {
        if (!definition.Signature.IsEmpty)
        {
            var signature = definition.Signature.Select(type => type.ResolveType()).ToArray();
            return (signature[..^1], signature[^1]);
        }

        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType);
        return ([.. method.IsStatic && target is not null ? parameters.Skip(1) : parameters], method.ReturnType);
    }
}
